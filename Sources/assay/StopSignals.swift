import Dispatch
import Glibc

/// Turns SIGINT and SIGTERM into calls.
final class StopSignals {
  private let sources: [any DispatchSourceSignal]

  /// Calls `body` with the count of signals so far, from 1, on a queue of its own.
  init(_ body: @escaping @Sendable (Int) -> Void) {
    let queue = DispatchQueue(label: "assay.signals")
    let counter = SignalCounter()
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { body(counter.next()) }
      source.resume()
      return source
    }
  }

  /// Listens no longer.
  func cancel() { for source in sources { source.cancel() } }
}

/// Counts signals; used on one queue alone.
private final class SignalCounter: @unchecked Sendable {
  private var count = 0
  func next() -> Int {
    count += 1
    return count
  }
}
