import Foundation
import Glibc

/// The built `assay` while it runs: its lines as they come, with a deadline on every wait.
final class RunningProgram {
  private let process = Process()
  private let pipe = Pipe()
  private var pending: [UInt8] = []
  private var isDiscarding = false
  private(set) var lines: [String] = []

  /// Starts `assay` with `arguments` in `folder`; standard error goes the same way as the output.
  init(_ arguments: [String], in folder: URL, environment: [String: String] = [:]) throws {
    process.executableURL = Program.executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment
      .merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }.merging(environment) { $1 }
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  var isRunning: Bool { process.isRunning }

  /// The next line; nil at the end of the output, or where none comes within `seconds`.
  func line(within seconds: Double = 30) -> String? {
    let descriptor = pipe.fileHandleForReading.fileDescriptor
    while true {
      if let end = pending.firstIndex(of: 0x0a) {
        let line = String(decoding: pending[..<end], as: UTF8.self)
        pending.removeSubrange(...end)
        lines.append(line)
        return line
      }
      var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard Glibc.poll(&poll, 1, CInt(seconds * 1_000)) == 1 else { return nil }
      var buffer = [UInt8](repeating: 0, count: 65_536)
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return nil }
      pending += buffer[..<count]
    }
  }

  /// The first line from here on that contains `text`; nil where none comes in time.
  func line(containing text: String, within seconds: Double = 30) -> String? {
    while let line = line(within: seconds) { if line.contains(text) { return line } }
    return nil
  }

  /// Throws away whatever is still written: a pipe that nobody empties would stop the program.
  func discardRest() {
    isDiscarding = true
    let handle = pipe.fileHandleForReading
    Thread { while !handle.availableData.isEmpty {} }.start()
  }

  /// Sends a signal.
  func signal(_ number: CInt) { kill(process.processIdentifier, number) }

  /// Reads to the end and gives the exit code.
  func end() -> Int32 {
    if !isDiscarding { while line() != nil {} }
    process.waitUntilExit()
    return process.terminationReason == .exit
      ? process.terminationStatus : -process.terminationStatus
  }
}

/// A served venue and the configuration to trade there.
final class ServedVenue {
  let program: RunningProgram
  let port: Int

  /// Starts `assay exchange` on a free port.
  init?(speed: Int, in folder: URL) throws {
    program = try RunningProgram(
      ["exchange", "--port", "0", "--speed", "\(speed)"], in: folder)
    guard let line = program.line(containing: "base_url"),
      let port = line.split(separator: ":").last.flatMap({ Int($0) }),
      program.line(containing: "Ready") != nil
    else { return nil }
    self.port = port
    program.discardRest()
  }

  /// `config/loopback.yaml` for this venue.
  func configuration(_ changes: [(String, String)] = []) throws -> String {
    var text = try String(
      contentsOf: Program.root.appending(path: "config/loopback.yaml"), encoding: .utf8)
    text = text.replacingOccurrences(of: "127.0.0.1:3001", with: "127.0.0.1:\(port)")
    text = text.replacingOccurrences(of: "port: 8081", with: "port: 0")
    for (old, new) in changes { text = text.replacingOccurrences(of: old, with: new) }
    return text
  }

  /// Asks the venue, with a plain socket.
  func info(_ body: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(try HTTPPeer.post(port, "/info", body).utf8))
  }
}

/// A client of one request.
enum HTTPPeer {
  struct Unanswered: Error {}

  /// Posts `body` and gives the body of the answer.
  static func post(_ port: Int, _ path: String, _ body: String) throws -> String {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    let request = Array(
      ("POST \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
        + "\(body.utf8.count)\r\n\r\n\(body)").utf8)
    guard isConnected,
      send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count
    else { throw Unanswered() }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
      bytes += buffer[..<count]
    }
    guard let head = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { throw Unanswered() }
    return String(decoding: bytes[head.upperBound...], as: UTF8.self)
  }
}
