import Foundation
import Market
public import Simulation
import Venues

/// What a live run said of itself.
public struct StatusAnswer: Hashable, Sendable {
  /// The answer as it came.
  public let text: String
  /// `ok`, `degraded` or `stopped`.
  public let verdict: String
  /// What is not as it should be.
  public let reasons: [String]
  /// When it was said, by the engine's clock.
  public let time: String
  /// Cash and unrealised profit.
  public let equity: String
  /// Positions held.
  public let openPositions: Int
  /// Orders not terminal.
  public let workingOrders: Int
  /// Steps so far.
  public let steps: Int
  /// How well each strategy is fed, a line each.
  public let strategies: [StrategyLine]

  /// How well one strategy is fed.
  public struct StrategyLine: Hashable, Sendable {
    /// Which.
    public let strategy: String
    /// On what: a symbol, or a pair.
    public let subject: String
    /// `healthy`, `degraded`, `warming` or `starved`.
    public let state: String
    /// The input that decides it, with its age.
    public let detail: String

    /// Whether the strategy runs.
    public var isWell: Bool { state == "healthy" || state == "degraded" }
  }

  /// Whether nothing is to be done.
  public var isWell: Bool { verdict == LiveStatus.Verdict.ok.rawValue }

  /// Asks the run of `settings` on its port, or reads its health file where it serves none.
  ///
  /// - Throws: ``LiveError`` where nothing answers.
  public static func ask(_ settings: LiveSettings) async throws(LiveError) -> StatusAnswer {
    guard let port = settings.healthPort else { return try read(settings.healthFile) }
    guard let endpoint = Endpoint("http://127.0.0.1:\(port)", plain: "http") else {
      throw LiveError(.configuration, "\(port) is no port", remedy: "change `health`")
    }
    let transport = try HTTPTransport(endpoint: endpoint)
    let request = HTTPRequest(method: .get, path: "/status", body: [], timeout: .seconds(5))
    let answer = await withCheckedContinuation { continuation in
      transport.send(request, within: 5_000) { continuation.resume(returning: $0) }
    }
    transport.close()
    guard case .success(let response) = answer else {
      throw LiveError(
        .system, "nothing answers on \(endpoint)",
        remedy: "is `assay live` running with this configuration?")
    }
    return try StatusAnswer(response.body)
  }

  static func read(_ path: String) throws(LiveError) -> StatusAnswer {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw LiveError(
        .system, "there is no \(path)", remedy: "is `assay live` running with this configuration?")
    }
    return try StatusAnswer(Array(data))
  }

  private init(_ bytes: [UInt8]) throws(LiveError) {
    var parser = JSONParser()
    guard let document = try? parser.parse(bytes), let verdict = document.root["verdict"]?.string
    else {
      throw LiveError(
        .system, "the answer is no status of Assay", remedy: "another program has the port")
    }
    let root = document.root
    text = String(decoding: bytes, as: UTF8.self)
    self.verdict = verdict
    reasons = root["reasons"]?.elements.map { $0.compactMap(\.string) } ?? []
    time = root["time"]?.string ?? "?"
    equity = root["equity"]?.string ?? "?"
    openPositions = root["openPositions"]?.int ?? 0
    workingOrders = root["workingOrders"]?.int ?? 0
    steps = root["steps"]?.int ?? 0
    strategies =
      root["strategies"]?.elements.map { rows in
        rows.map {
          StrategyLine(
            strategy: $0["strategy"]?.string ?? "?", subject: $0["subject"]?.string ?? "?",
            state: $0["state"]?.string ?? "?", detail: $0["detail"]?.string ?? "?")
        }
      } ?? []
  }
}
