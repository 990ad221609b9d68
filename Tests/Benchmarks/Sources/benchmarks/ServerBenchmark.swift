import Exchange
import Foundation
import Glibc
import Live
import Market

/// Clients of the served venue over loopback: half of what they send are pings, a quarter questions
/// for the book, a quarter orders that fill; all hear the trades, one its fills.
///
/// Processor time is that of the whole process, so that the clients' share counts too.
enum ServerBenchmark: Benchmark {
  static let name = "server"
  static let target = ">= 5,000 messages/s"
  private static let clientCount = 8
  private static let batch = 16
  private static let roundCount = 1_600

  static func measure() throws -> Row {
    let server = try start()
    defer { stop(server) }
    let clients = try (0..<clientCount).map { number in
      let client = try LoadClient(port: server.port)
      try client.send(LoadClient.subscription("trades", coin: "BTC"))
      if number == 0 {
        try client.send(LoadClient.subscription("userFills", user: LoadClient.address))
        try client.send(LoadClient.subscription("orderUpdates", user: LoadClient.address))
      }
      return client
    }
    // What a first round makes grow is not counted as growth.
    var nonce = UInt64(startTime.milliseconds)
    for _ in 0..<100 { try round(clients, &nonce) }
    let before = Stopwatch.residentMegabytes
    let first = server.tally
    let wallBefore = ContinuousClock.now
    let seconds = try Stopwatch.seconds {
      for _ in 0..<roundCount { try round(clients, &nonce) }
    }
    let wall = ContinuousClock.now - wallBefore
    let last = server.tally
    let after = Stopwatch.residentMegabytes
    let messages =
      last.messagesIn - first.messagesIn + last.messagesOut - first.messagesOut
    let rate = Double(messages) / seconds
    let wallRate = Double(messages) / (wall / .seconds(1))
    return Row(
      measured: "\(grouped(rate)) messages/s", isMet: rate >= 5_000 && after - before <= 64,
      note: "\(grouped(wallRate))/s by the clock, \(last.fills - first.fills) fills; resident "
        + "\(before) MB before, \(after) MB after")
  }

  private static let startTime = Instant(milliseconds: 1_780_000_020_000)

  /// One batch of every client, and every answer to it.
  private static func round(_ clients: [LoadClient], _ nonce: inout UInt64) throws {
    for client in clients {
      var bytes: [UInt8] = []
      for index in 0..<batch {
        let text: String
        switch index % 4 {
        case 0, 2: text = #"{"method":"ping"}"#
        case 1: text = LoadClient.question
        default:
          nonce += 1
          text = LoadClient.order(isBuy: nonce.isMultiple(of: 2), nonce: nonce)
        }
        bytes += LoadClient.frame(text)
      }
      try client.send(raw: bytes)
    }
    for client in clients { try client.awaitAnswers(batch) }
  }

  private static func start() throws -> ExchangeServer {
    guard
      let instrument = Instrument(symbol: "BTC", sizeDecimals: 5, maximumLeverage: 40),
      let account = AccountAddress(LoadClient.address)
    else { throw BenchmarkError(description: "the venue cannot be described") }
    var configuration = HyperliquidVenueConfiguration(
      start: startTime, listings: [PerpetualListing(instrument)],
      accounts: [AccountSetup(address: account, deposit: Money(whole: 1_000_000))])
    configuration.history.days = 2
    configuration.history.fineDays = 1
    let setup = ExchangeSetup(
      venues: SimulatedVenuesConfiguration(hyperliquid: configuration),
      prices: PriceSource(["BTC": .walk(RandomWalk(price: Price(whole: 60_000)))]))
    return try Waiting.wait { try await ExchangeServer.start(setup, port: 0) }
  }

  private static func stop(_ server: ExchangeServer) { try? Waiting.wait { await server.stop() } }
}

/// One WebSocket client, as thin as it can be.
final class LoadClient {
  static let address = "0x00000000000000000000000000000000000a11ce"
  static let question =
    #"{"method":"post","id":1,"request":{"type":"info","payload":{"type":"l2Book","coin":"BTC"}}}"#

  private let descriptor: CInt
  private var buffer = [UInt8](repeating: 0, count: 1 << 18)
  private var filled = 0

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard status == 0 else { throw BenchmarkError(description: "cannot connect") }
    let head =
      "GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    try send(raw: Array(head.utf8))
    let end = Array("\r\n\r\n".utf8)
    while buffer[..<filled].firstRange(of: end) == nil { try fill() }
    guard let range = buffer[..<filled].firstRange(of: end) else { return }
    drop(range.upperBound)
  }

  deinit { close(descriptor) }

  static func subscription(_ type: String, coin: String? = nil, user: String? = nil) -> String {
    let more = coin.map { #","coin":"\#($0)""# } ?? user.map { #","user":"\#($0)""# } ?? ""
    return #"{"method":"subscribe","subscription":{"type":"\#(type)"\#(more)}}"#
  }

  static func order(isBuy: Bool, nonce: UInt64) -> String {
    let r = "0x" + String(repeating: "0", count: 24) + address.dropFirst(2)
    let price = isBuy ? "70000" : "50000"
    return
      #"{"method":"post","id":2,"request":{"type":"action","payload":{"action":{"type":"order","#
      + #""orders":[{"a":0,"b":\#(isBuy),"p":"\#(price)","s":"0.001","r":false,"#
      + #""t":{"limit":{"tif":"Ioc"}}}],"grouping":"na"},"nonce":\#(nonce),"#
      + #""signature":{"r":"\#(r)","s":"0x1","v":27}}}}"#
  }

  /// A masked text frame.
  static func frame(_ text: String) -> [UInt8] {
    let payload = Array(text.utf8)
    var bytes: [UInt8] = [0x81]
    if payload.count < 126 {
      bytes.append(0x80 | UInt8(payload.count))
    } else {
      bytes += [0xfe, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
    }
    bytes += [0, 0, 0, 0]
    return bytes + payload
  }

  func send(_ text: String) throws { try send(raw: Self.frame(text)) }

  func send(raw bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw BenchmarkError(description: "the server is gone") }
      sent += count
    }
  }

  /// Reads until `count` answers have come; whatever else comes is passed over.
  func awaitAnswers(_ count: Int) throws {
    let pong = Array(#"{"channel":"pong""#.utf8)
    let post = Array(#"{"channel":"post""#.utf8)
    var left = count
    while left > 0 {
      var place = 0
      while left > 0, let (start, end) = frame(at: place) {
        let head = buffer[start..<min(end, start + pong.count)]
        if head.elementsEqual(pong) || head.elementsEqual(post) { left -= 1 }
        place = end
      }
      drop(place)
      if left > 0 { try fill() }
    }
  }

  /// Where the payload of the frame at `place` lies; nil until it is whole.
  private func frame(at place: Int) -> (start: Int, end: Int)? {
    guard filled - place >= 2 else { return nil }
    let short = Int(buffer[place + 1] & 0x7f)
    let width = short < 126 ? 0 : short == 126 ? 2 : 8
    guard filled - place >= 2 + width else { return nil }
    var length = short
    if width > 0 {
      length = buffer[(place + 2)..<(place + 2 + width)].reduce(0) { $0 << 8 | Int($1) }
    }
    let start = place + 2 + width
    return start + length <= filled ? (start, start + length) : nil
  }

  private func drop(_ count: Int) {
    guard count > 0 else { return }
    buffer.replaceSubrange(0..<(filled - count), with: Array(buffer[count..<filled]))
    filled -= count
  }

  private func fill() throws {
    if filled == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
    let room = filled..<buffer.count
    let count = buffer[room].withUnsafeMutableBytes {
      recv(descriptor, $0.baseAddress, $0.count, 0)
    }
    guard count > 0 else { throw BenchmarkError(description: "the server hung up") }
    filled += count
  }
}
