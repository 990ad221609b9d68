import Foundation

/// Processor time of this process and its memory, as the kernel counts them.
enum Stopwatch {
  /// Seconds of processor time that `body` took.
  static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let begin = now
    try body()
    return now - begin
  }

  /// The least processor time of `rounds` runs of `body`, in nanoseconds for each of `count`.
  static func nanoseconds(per count: Int, rounds: Int, _ body: () -> Void) -> Double {
    var best = Double.infinity
    for _ in 0..<rounds { best = min(best, seconds(body)) }
    return best * 1e9 / Double(count)
  }

  /// Processor time so far, in seconds.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The largest resident set that this process had, in megabytes.
  static var peakMegabytes: Int { megabytes("VmHWM:") }

  /// The resident set of this process now, in megabytes.
  static var residentMegabytes: Int { megabytes("VmRSS:") }

  /// The same in kilobytes.
  static var residentKilobytes: Int { kilobytes("VmRSS:") ?? -1 }

  private static func megabytes(_ key: String) -> Int { kilobytes(key).map { $0 / 1_024 } ?? -1 }

  private static func kilobytes(_ key: String) -> Int? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix(key) }),
      let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return nil }
    return kilobytes
  }
}

/// A figure with thousands marked.
func grouped(_ value: Double) -> String {
  var text = ""
  for (index, digit) in String(Int(value.rounded())).reversed().enumerated() {
    if index > 0, index.isMultiple(of: 3) { text.append(",") }
    text.append(digit)
  }
  return String(text.reversed())
}

/// A figure with one or two decimals.
func decimal(_ value: Double, _ places: Int = 1) -> String {
  String(format: "%.\(places)f", value)
}
