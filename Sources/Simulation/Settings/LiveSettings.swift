public import Engine
public import Market

/// How a live run reaches the world: what a configuration file says beside the engine's own part.
public struct LiveSettings: Hashable, Sendable {
  /// Where the execution venue is.
  public var venue: VenueEndpoints
  /// Where Binance is.
  public var binance: VenueEndpoints
  /// Where Coinbase is.
  public var coinbase: VenueEndpoints
  /// Where Deribit is.
  public var deribit: VenueEndpoints
  /// Which network signatures are for.
  public var network: Network
  /// Which clock the engine reads.
  public var clock: Clock
  /// The store's file.
  public var store: String
  /// The kill switch's file.
  public var killSwitch: String
  /// Where the key comes from; nil where none is needed.
  public var key: KeySource?
  /// The port of the health server; nil serves none.
  public var healthPort: Int?
  /// The file that tells a supervisor how the run is.
  public var healthFile: String
  /// How often that file is written.
  public var healthInterval: Interval
  /// A file to which every alert is appended; nil where they are only printed.
  public var alertFile: String?

  /// Which network an action is signed for.
  public enum Network: String, Hashable, Sendable, CaseIterable {
    /// Real money.
    case mainnet
    /// Play money.
    case testnet
  }

  /// Which clock the engine reads.
  public enum Clock: String, Hashable, Sendable, CaseIterable {
    /// The machine's.
    case system
    /// That of `assay exchange`, which may run faster; on loopback only.
    case served
  }

  /// Where a key comes from; the key itself is in no configuration.
  public enum KeySource: Hashable, Sendable {
    /// A variable of the environment.
    case environment(String)
    /// A file that only its owner may read.
    case file(String)
    /// The same, made with a fresh key where it is not there; on loopback only.
    case generated(String)
  }

  /// Where a venue is.
  public func endpoints(of venue: Venue) -> VenueEndpoints {
    switch venue {
    case .hyperliquid: self.venue
    case .binance: binance
    case .coinbase: coinbase
    case .deribit: deribit
    }
  }

  /// Whether no order can leave this machine; feeds may come from elsewhere.
  public var isLoopback: Bool { venue.isLoopback }
}

/// A whole configuration file: what the engine does, and how it reaches the world.
public struct LiveConfiguration: Hashable, Sendable {
  /// What the engine does.
  public var engine: EngineConfiguration
  /// How it reaches the world; nil where the file has no `venue`.
  public var live: LiveSettings?
}
