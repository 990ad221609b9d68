import Choice
import Market
import Venues

extension FrameFilter {
  /// Whether a frame is of the channels, symbol and timeframe that the fault names.
  func covers(_ bytes: [UInt8]) -> Bool {
    if !words.isEmpty { return words.allSatisfy { bytes.holds($0) } }
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
  /// What arrives in place of a frame.
  func applied(
    to bytes: [UInt8], on connection: ConnectionID, _ stream: inout ChoiceStream
  ) -> [(TransportInput, Interval)] {
    switch self {
    case .twice(let later):
      [(.frame(connection, bytes), .zero), (.frame(connection, bytes), later)]
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

  /// Overwrites one to four bytes with control characters, which no JSON text holds.
  ///
  /// A frame that is changed into another legal one is not modelled: TLS does not let it through.
  private static func corrupted(_ bytes: [UInt8], _ stream: inout ChoiceStream) -> [UInt8] {
    var damaged = bytes
    guard !damaged.isEmpty else { return damaged }
    for _ in 0...stream.draw(below: 4) {
      let index = Int(stream.draw(below: UInt64(damaged.count)))
      damaged[index] = UInt8(stream.draw(below: 8))
    }
    return damaged
  }
}

extension [UInt8] {
  /// Whether the bytes of `word` stand anywhere in these.
  func holds(_ word: String) -> Bool {
    let word = Array(word.utf8)
    guard let first = word.first, count >= word.count else { return word.isEmpty }
    return indices.dropLast(word.count - 1).contains { start in
      self[start] == first && self[start..<start + word.count].elementsEqual(word)
    }
  }
}
