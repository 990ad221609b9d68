public import Choice
public import Market
public import Venues

/// A simulated Hyperliquid: its HTTP and WebSocket side, its matching engine and its clearing house.
///
/// It does no I/O and reads no clock. Hand it what arrives, at the time at which it arrives, and send
/// what it writes; hand it ``VenueInput/advance`` at ``nextWake``. Equal inputs make equal bytes.
public struct HyperliquidVenue: Sendable {
  /// How it was set up.
  public let configuration: HyperliquidVenueConfiguration

  /// Opens the venue at the start of the configuration.
  public init(
    configuration: HyperliquidVenueConfiguration, prices: PriceSource, chooser: Chooser,
    verifier: any SignatureVerifier = SimulatedVerifier()
  ) {
    self.configuration = configuration
  }

  /// Takes in one input at `now` and appends what it leads to.
  ///
  /// Time that goes back is taken as no time passing.
  public mutating func handle(
    _ input: VenueInput, at now: Instant, into outputs: inout [VenueOutput]
  ) {}

  /// When ``VenueInput/advance`` next has something to do.
  public var nextWake: Instant? { nil }

  /// Throws a fault; frames that it causes leave with the next input.
  public mutating func apply(_ fault: VenueFault) {}
}
