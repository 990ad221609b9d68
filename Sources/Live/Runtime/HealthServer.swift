import Synchronization

/// Serves `/health`, `/status` and `/metrics` of a run on a port of this machine.
public final class HealthServer: Sendable {
  /// The port that it listens on.
  public var port: Int { server.port }
  private let server: HTTPServer
  private let run: Watched

  private final class Watched: Sendable {
    let box = Mutex<LiveRun?>(nil)
    var status: LiveStatus? { box.withLock { $0 }?.status }
  }

  /// Listens on `port`; nil where there is none to listen on.
  ///
  /// - Throws: ``LiveError`` where the port is taken.
  public static func start(port: Int?) async throws(LiveError) -> HealthServer? {
    guard let port else { return nil }
    let run = Watched()
    do {
      let server = try await HTTPServer.start(
        port: port, service: RouteService { Self.answer($0, run.status) })
      return HealthServer(server, run)
    } catch {
      throw LiveError(
        .port, "health cannot be served: \(error)",
        remedy: "name another port under `health`, or 0 for none")
    }
  }

  private init(_ server: HTTPServer, _ run: Watched) {
    self.server = server
    self.run = run
  }

  /// Answers for `run` from now on.
  public func watch(_ run: LiveRun) { self.run.box.withLock { $0 = run } }

  /// Stops listening.
  public func stop() async { await server.stop() }

  static func answer(_ request: ServerRequest, _ status: LiveStatus?) -> ServerResponse {
    guard request.method == "GET" || request.method == "HEAD" else {
      return .text("GET only\n", status: 405)
    }
    guard let status else { return .text("starting\n", status: 503) }
    switch request.path {
    case "/health": return .json(status.healthJSON, status: status.verdict == .ok ? 200 : 503)
    case "/status": return .json(status.statusJSON)
    case "/metrics":
      return ServerResponse(
        status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8",
        body: Array(status.metricsText.utf8))
    default: return .text("/health, /status and /metrics are here\n", status: 404)
    }
  }
}
