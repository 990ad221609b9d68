import Foundation
import Glibc

/// A venue that says what a test tells it to: raw bytes on a loopback port, a thread a connection.
final class Listener: Sendable {
  /// The port that it listens on.
  let port: Int
  private let descriptor: CInt

  /// One connection as the venue sees it.
  final class Conversation {
    let descriptor: CInt
    /// Which connection of the listener it is, from 1.
    let number: Int

    fileprivate init(_ descriptor: CInt, _ number: Int) {
      self.descriptor = descriptor
      self.number = number
    }

    deinit { close(descriptor) }

    /// Sends everything; false where the other end is gone.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes {
          Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { return false }
        rest = rest.dropFirst(count)
      }
      return true
    }

    @discardableResult
    func send(_ text: String) -> Bool { send(Array(text.utf8)) }

    /// The next byte; nil at the end, or where none comes within ten seconds.
    func byte() -> UInt8? {
      var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard Glibc.poll(&poll, 1, 10_000) == 1 else { return nil }
      var byte: UInt8 = 0
      return recv(descriptor, &byte, 1, 0) == 1 ? byte : nil
    }

    /// Reads up to and with `end`; nil where it does not come.
    func read(to end: String) -> String? {
      var bytes: [UInt8] = []
      let mark = Array(end.utf8)
      while bytes.count < 100_000 {
        guard let byte = byte() else { return nil }
        bytes.append(byte)
        if bytes.suffix(mark.count) == mark[...] { return String(decoding: bytes, as: UTF8.self) }
      }
      return nil
    }

    /// Reads a whole request with its body; nil at the end of the connection.
    func request() -> String? {
      guard let head = read(to: "\r\n\r\n") else { return nil }
      let length =
        head.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
        .flatMap { Int($0.dropFirst(15).filter(\.isNumber)) } ?? 0
      var body: [UInt8] = []
      while body.count < length {
        guard let byte = byte() else { return nil }
        body.append(byte)
      }
      return head + String(decoding: body, as: UTF8.self)
    }

    /// Answers a request.
    func answer(_ body: String, status: Int = 200, fields: String = "") {
      send(
        "HTTP/1.1 \(status) X\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// Waits until the other end has closed; false where it does not within ten seconds.
    @discardableResult
    func drain() -> Bool {
      while byte() != nil {}
      return true
    }

    /// Reads nothing and waits until the other end is gone; false where it stays longer.
    @discardableResult
    func waitForEnd(within seconds: CInt = 10) -> Bool {
      let hangUp = Int16(0x2000)  // POLLRDHUP, which Glibc's module lacks
      var poll = pollfd(fd: descriptor, events: hangUp, revents: 0)
      return Glibc.poll(&poll, 1, seconds * 1_000) == 1
    }

    /// Speaks the server's part of a WebSocket upgrade; false where no request came.
    func upgrade() -> Bool {
      guard let head = read(to: "\r\n\r\n") else { return false }
      let line = head.split(separator: "\r\n").first {
        $0.lowercased().hasPrefix("sec-websocket-key:")
      }
      guard let key = line?.split(separator: ":", maxSplits: 1).last else { return false }
      send(
        "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
          + "\(Self.accept(key.trimmingCharacters(in: .whitespaces)))\r\n\r\n")
      return true
    }

    /// Sends an unmasked frame, as servers do.
    func frame(_ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true) {
      send(Self.frame(opcode, payload, isFinal: isFinal))
    }

    static func frame(_ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true) -> [UInt8] {
      var bytes = [opcode | (isFinal ? 0x80 : 0)]
      if payload.count < 126 {
        bytes.append(UInt8(payload.count))
      } else {
        bytes += [126, UInt8(payload.count >> 8 & 0xff), UInt8(payload.count & 0xff)]
      }
      return bytes + payload
    }

    /// Reads a short masked frame; nil where none comes.
    func clientFrame() -> (opcode: UInt8, payload: [UInt8])? {
      guard let first = byte(), let second = byte(), second & 0x80 != 0, second & 0x7f < 126 else {
        return nil
      }
      var mask: [UInt8] = []
      for _ in 0..<4 { if let byte = byte() { mask.append(byte) } }
      guard mask.count == 4 else { return nil }
      var payload: [UInt8] = []
      for index in 0..<Int(second & 0x7f) {
        guard let byte = byte() else { return nil }
        payload.append(byte ^ mask[index % 4])
      }
      return (first & 0x0f, payload)
    }
  }

  /// Listens on a free port; `serve` has each connection on a thread of its own.
  init?(
    receiveBuffer: CInt? = nil, backlog: CInt = 16,
    _ serve: @escaping @Sendable (Conversation) -> Void
  ) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var size = receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, backlog) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isBound else { return nil }
    self.descriptor = descriptor
    port = Int(UInt16(bigEndian: address.sin_port))
    let listening = descriptor
    Thread {
      var number = 0
      while case let connection = accept(listening, nil, nil), connection >= 0 {
        number += 1
        let conversation = Handed(Conversation(connection, number))
        Thread { serve(conversation.value) }.start()
      }
      // Closed by the one who accepts: the number may be another listener's right after.
      close(listening)
    }.start()
  }

  deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }
}

/// Hands a value to the one thread that uses it from then on.
private final class Handed<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
