import Choice
import Market
import Venues

extension FrameFilter {
  /// Whether a frame is of the channels, symbol and timeframe that the fault names.
  func covers(_ bytes: [UInt8]) -> Bool {
    if channels.isEmpty, symbol == nil, timeframe == nil { return true }
    var parser = JSONParser()
    guard let root = try? parser.parse(bytes).root, let channel = root["channel"]?.string else {
      return false
    }
    if !channels.isEmpty, !channels.contains(channel) { return false }
    let data = root["data"]
    if let symbol {
      let name = data?["s"]?.string ?? data?["coin"]?.string ?? data?[0]?["coin"]?.string
      guard name == symbol.description else { return false }
    }
    if let timeframe, data?["i"]?.string != timeframe.name { return false }
    return true
  }
}

extension FrameDamage {
  /// The longest frame that a host takes.
  static let hostLimit = 4 << 20

  /// What arrives in place of a frame.
  func applied(
    to bytes: [UInt8], on connection: ConnectionID, _ stream: inout ChoiceStream
  ) -> [(TransportInput, Interval)] {
    switch self {
    case .twice:
      [(.frame(connection, bytes), .zero), (.frame(connection, bytes), .milliseconds(1))]
    case .lost: []
    case .late(let more): [(.frame(connection, bytes), more)]
    case .corrupt: [(.frame(connection, Self.corrupted(bytes, &stream)), .zero)]
    case .truncated:
      [(.frame(connection, Array(bytes.prefix(Self.cut(bytes, &stream)))), .zero)]
    case .oversize: [(.closed(connection, .oversize), .zero)]
    case .notText: [(.frame(connection, bytes.prefix(bytes.count / 2) + [0xff, 0xfe]), .zero)]
    }
  }

  private static func cut(_ bytes: [UInt8], _ stream: inout ChoiceStream) -> Int {
    Int(stream.draw(below: UInt64(max(bytes.count, 1))))
  }

  /// Overwrites one to four bytes with printable ones, so that it may still be JSON.
  private static func corrupted(_ bytes: [UInt8], _ stream: inout ChoiceStream) -> [UInt8] {
    var damaged = bytes
    guard !damaged.isEmpty else { return damaged }
    for _ in 0...stream.draw(below: 4) {
      let index = Int(stream.draw(below: UInt64(damaged.count)))
      damaged[index] = UInt8(0x21 + stream.draw(below: 94))
    }
    return damaged
  }
}
