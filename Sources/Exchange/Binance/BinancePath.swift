/// Where a WebSocket was opened: the class of its streams, its form, and the streams in the path.
struct BinancePath: Hashable, Sendable {
  let streamClass: BinanceChannel.StreamClass
  let isCombined: Bool
  let names: [String]

  /// Reads a path with its query; nil where there is no socket.
  init?(_ target: String) {
    let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var parts = (halves.first ?? "").split(separator: "/").map(String.init)
    switch parts.first {
    case "market": streamClass = .market
    case "public": streamClass = .public
    case "private": streamClass = .private
    case "ws", "stream": streamClass = .unrouted
    default: return nil
    }
    if streamClass != .unrouted { parts.removeFirst() }
    guard let form = parts.first, form == "ws" || form == "stream" else { return nil }
    isCombined = form == "stream"
    if isCombined {
      guard parts.count == 1 else { return nil }
      let query = halves.count > 1 ? halves[1] : ""
      let list = query.split(separator: "&").first { $0.hasPrefix("streams=") }
      names = (list?.dropFirst(8) ?? "").split(separator: "/").map(String.init)
    } else {
      // What is no stream is tolerated, as clients number their connections there.
      names = parts.dropFirst().filter { $0.contains("@") || $0.hasPrefix("!") }
    }
  }
}
