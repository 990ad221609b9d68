import Foundation
import Market
import NIOCore
import Simulation

/// Both transports of one venue.
final class VenueTransport {
  let http: HTTPTransport
  let sockets: WebSocketTransport

  /// Makes the transports of one venue.
  ///
  /// - Throws: ``LiveError`` where the system, the environment's proxy or the trusted file is not
  ///   fit for it.
  init(
    _ endpoints: VenueEndpoints, on loop: any EventLoop, environment: [String: String]
  ) throws(LiveError) {
    sockets = try WebSocketTransport(
      endpoint: endpoints.webSocket, trust: endpoints.trust,
      proxy: try Proxy.named(in: environment, for: endpoints.webSocket), loop: loop)
    http = try HTTPTransport(
      endpoint: endpoints.http, trust: endpoints.trust,
      proxy: try Proxy.named(in: environment, for: endpoints.http))
  }

  /// Makes those of every venue; proxies are the environment's.
  ///
  /// - Throws: As ``init(_:on:environment:)`` does.
  static func all(
    _ settings: LiveSettings, on loop: any EventLoop
  ) throws(LiveError) -> [Venue: VenueTransport] {
    let environment = ProcessInfo.processInfo.environment
    var transports: [Venue: VenueTransport] = [:]
    do throws(LiveError) {
      for venue in Venue.allCases {
        transports[venue] = try VenueTransport(
          settings.endpoints(of: venue), on: loop, environment: environment)
      }
    } catch {
      for venue in Venue.allCases { transports[venue]?.close() }
      throw error
    }
    return transports
  }

  /// Closes every connection and ends what is under way.
  func close() {
    sockets.closeAll()
    http.close()
  }
}
