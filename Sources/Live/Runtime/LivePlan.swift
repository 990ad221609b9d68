public import Engine
import Market
public import Simulation
public import Strategies
public import Venues

/// Everything that a live run is made of.
public struct LivePlan: Sendable {
  /// What the engine does.
  public var engine: EngineConfiguration
  /// How it reaches the world.
  public var settings: LiveSettings
  /// The name of the configuration file, for messages and recordings.
  public var configurationFile: String
  /// The text of the configuration file, for recordings.
  public var configurationText: String
  /// The build, for recordings and reports.
  public var build: String
  /// Strategies of one's own, beside those that the configuration names.
  public var strategies: [any StrategyInstance] = []
  /// Signs orders; nil where none leave.
  public var signer: (any ActionSigner)?
  /// What allows orders to leave this machine; nil where nothing does.
  public var clearance: ExecutionClearance?
  /// The recording to write; nil for none.
  public var recording: String?
  /// Told every line about the run, on its own thread.
  public var note: @Sendable (LiveNote) -> Void = { _ in }

  /// Plans a run.
  ///
  /// - Parameters:
  ///   - configurationText: The text of the configuration file.
  ///   - file: The name of the file.
  ///   - build: The build.
  ///   - signer: Signs orders.
  /// - Throws: ``LiveError`` where the file does not suit a live run; ``SettingsError`` is told in
  ///   its words.
  public init(
    configurationText: String, file: String, build: String, signer: (any ActionSigner)? = nil
  ) throws(LiveError) {
    let whole: LiveConfiguration
    do {
      whole = try ConfigurationFile.parseWhole(configurationText, file: file)
    } catch {
      throw LiveError(.configuration, "\(error)", remedy: "")
    }
    guard let settings = whole.live else {
      throw LiveError(
        .configuration, "\(file) does not say where the venue is",
        remedy: "add `venue` with http, webSocket and network, as in config/paper.yaml")
    }
    engine = whole.engine
    self.settings = settings
    self.configurationText = configurationText
    configurationFile = file
    self.build = build
    self.signer = signer
    if case .exchange = engine.execution, engine.account == nil {
      engine.account = signer?.address.description
    }
  }

  /// Whether orders leave the process.
  public var sendsOrders: Bool {
    if case .exchange(let exchange) = engine.execution { return !exchange.isDryRun }
    return false
  }

  /// Refuses a plan whose orders nothing allows to leave this machine.
  func permit() throws(LiveError) {
    guard case .exchange = engine.execution else { return }
    guard signer != nil else {
      throw LiveError(
        .key, "\(configurationFile) trades at the venue and there is no key",
        remedy: "name its source under `key`")
    }
    guard sendsOrders, !settings.isLoopback, clearance == nil else { return }
    throw LiveError(
      .permission, "nothing allows orders to leave this machine",
      remedy: "name a certificate: `assay certify` makes one")
  }
}

/// Says that somebody checked a certificate for this build and configuration.
///
/// Only exchange execution away from loopback needs one.
public struct ExecutionClearance: Hashable, Sendable {
  /// The digest of the certificate that was checked.
  public let certificate: String
  /// States that the certificate of this digest was checked and suits.
  public init(certificate: String) { self.certificate = certificate }
}
