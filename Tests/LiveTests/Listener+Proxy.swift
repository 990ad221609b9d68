import Foundation
import Glibc
import Synchronization

extension Listener {
  /// A proxy on loopback that leads every tunnel to `port`, whatever name it was asked for, and
  /// answers other requests itself with the first line of each; `heard` is told every request.
  static func proxy(
    to port: Int, _ heard: @escaping @Sendable (String) -> Void = { _ in }
  ) -> Listener? {
    Listener { client in
      while let request = client.request() {
        heard(request)
        guard request.hasPrefix("CONNECT ") else {
          client.answer(String(request.prefix { $0 != "\r\n" }))
          continue
        }
        guard let venue = Peer(port: port) else { return client.answer("", status: 502) }
        client.send("HTTP/1.1 200 Connection established\r\n\r\n")
        return client.pump(venue)
      }
    }
  }
}

extension Listener.Conversation {
  /// Carries bytes both ways until either end closes.
  func pump(_ other: Peer) {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      var polls = [descriptor, other.descriptor].map {
        pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
      }
      guard poll(&polls, 2, 10_000) > 0 else { return }
      for (from, to) in [(0, 1), (1, 0)] where polls[from].revents != 0 {
        let count = recv(polls[from].fd, &buffer, buffer.count, 0)
        guard count > 0,
          Glibc.send(polls[to].fd, buffer, count, Int32(MSG_NOSIGNAL)) == count
        else { return }
      }
    }
  }
}
