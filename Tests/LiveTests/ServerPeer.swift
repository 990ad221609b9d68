import Foundation
import Glibc

/// The other end of a loopback connection: raw bytes, and a deadline on every wait.
final class Peer {
  /// What a read brought.
  enum Arrival: Equatable {
    case bytes([UInt8])
    case end
    case late
  }

  let descriptor: CInt
  private var pending: [UInt8] = []

  /// Connects to a port; nil where nobody listens.
  init?(port: Int, receiveBuffer: CInt? = nil) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var size = receiveBuffer {
      setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<CInt>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { return nil }
  }

  deinit { close(descriptor) }

  /// Sends everything; false where the connection is gone.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// Says that it sends no more.
  func closeOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// What comes next, within `seconds`.
  func receive(within seconds: Double = 10) -> Arrival {
    guard pending.isEmpty else {
      defer { pending = [] }
      return .bytes(pending)
    }
    var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard Glibc.poll(&poll, 1, CInt(seconds * 1_000)) == 1 else { return .late }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? .bytes(Array(buffer[..<count])) : .end
  }

  /// Exactly `count` bytes; nil where they do not come.
  func read(_ count: Int) -> [UInt8]? {
    var bytes: [UInt8] = []
    while bytes.count < count {
      guard case .bytes(let more) = receive() else { return nil }
      bytes += more
    }
    pending = Array(bytes[count...])
    return Array(bytes[..<count])
  }

  /// Bytes up to and with a blank line; nil where they do not come.
  private func readHead() -> String? {
    var bytes: [UInt8] = []
    let blank = Array("\r\n\r\n".utf8)
    while true {
      if let range = bytes.firstRange(of: blank) {
        pending = Array(bytes[range.upperBound...])
        return String(decoding: bytes[..<range.upperBound], as: UTF8.self)
      }
      guard case .bytes(let more) = receive() else { return nil }
      bytes += more
    }
  }

  /// Whether the connection ends within `seconds`, whatever still comes before.
  func ends(within seconds: Double = 10) -> Bool {
    while true {
      switch receive(within: seconds) {
      case .bytes: continue
      case .end: return true
      case .late: return false
      }
    }
  }

  // MARK: HTTP

  /// An answer as it came.
  struct Answer: Equatable {
    let status: Int
    let head: String
    let body: String
  }

  /// The next answer; nil where none comes.
  func answer() -> Answer? {
    guard let head = readHead(), let status = Int(head.split(separator: " ")[1]) else { return nil }
    var length = 0
    for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
      length = Int(line.split(separator: ":")[1].trimmingCharacters(in: .whitespaces)) ?? 0
    }
    guard let body = length == 0 ? [] : read(length) else { return nil }
    return Answer(status: status, head: head, body: String(decoding: body, as: UTF8.self))
  }

  static func post(_ path: String, _ body: String) -> String {
    "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  func post(_ path: String, _ body: String) -> Answer? {
    send(Self.post(path, body))
    return answer()
  }

  func get(_ path: String) -> Answer? {
    send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
    return answer()
  }

  // MARK: WebSocket

  /// A frame as it came.
  struct Frame: Equatable {
    let code: UInt8
    let payload: [UInt8]
    var text: String { String(decoding: payload, as: UTF8.self) }
    /// The code of a close frame.
    var closeCode: Int? {
      code == 8 && payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil
    }
  }

  /// Asks for a WebSocket; whether it stands.
  func upgrade(_ path: String = "/ws") -> Bool {
    send(
      "GET \(path) HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
    guard let head = readHead() else { return false }
    return head.hasPrefix("HTTP/1.1 101") && head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
  }

  /// A masked frame as bytes; code 1 is text, 2 binary, 8 close, 9 ping.
  static func frame(_ payload: [UInt8], code: UInt8 = 1, isFinal: Bool = true) -> [UInt8] {
    var bytes: [UInt8] = [(isFinal ? 0x80 : 0) | code]
    switch payload.count {
    case ..<126: bytes.append(0x80 | UInt8(payload.count))
    case ..<65_536:
      bytes += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
    default:
      bytes.append(0x80 | 127)
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(payload.count >> shift & 0xff))
      }
    }
    let mask: [UInt8] = [1, 2, 3, 4]
    bytes += mask
    for (index, byte) in payload.enumerated() { bytes.append(byte ^ mask[index % 4]) }
    return bytes
  }

  @discardableResult
  func sendFrame(_ text: String) -> Bool { send(Self.frame(Array(text.utf8))) }

  /// The next frame; nil where none comes.
  func nextFrame() -> Frame? {
    guard let head = read(2) else { return nil }
    var length = Int(head[1] & 0x7f)
    if length >= 126 {
      guard let more = read(length == 126 ? 2 : 8) else { return nil }
      length = more.reduce(0) { $0 << 8 | Int($1) }
    }
    guard let payload = length == 0 ? [] : read(length) else { return nil }
    return Frame(code: head[0] & 0x0f, payload: payload)
  }

  /// The first text frame that holds `word`, within a hundred frames.
  func frame(with word: String) -> String? {
    for _ in 0..<100 {
      guard let frame = nextFrame() else { return nil }
      if frame.code == 1, frame.text.contains(word) { return frame.text }
    }
    return nil
  }
}
