import Synchronization

/// A file that lines are appended to, in blocks; `-` is standard output.
final class OutputFile: Sendable {
  private struct State: ~Copyable {
    var pending: [UInt8] = []
    let descriptor: Descriptor
    var failure: OutputError?
  }
  private let state: Mutex<State>
  private let path: String
  private static let blockSize = 1 << 16

  init(_ path: String) throws(OutputError) {
    self.path = path
    let descriptor = path == "-" ? Descriptor.output : try Descriptor(creating: path)
    state = Mutex(State(descriptor: descriptor))
  }

  /// Appends a text as it is.
  func append(_ text: String) {
    state.withLock { state in
      state.pending.append(contentsOf: text.utf8)
      if state.pending.count >= Self.blockSize { flush(&state) }
    }
  }

  /// Writes what is pending; a full disk shows here.
  func finish() throws(OutputError) {
    let failure = state.withLock { state -> OutputError? in
      flush(&state)
      return state.failure
    }
    if let failure { throw failure }
  }

  private func flush(_ state: inout State) {
    if let code = state.descriptor.write(state.pending), state.failure == nil {
      state.failure = OutputError(path: path, code: code)
    }
    state.pending.removeAll(keepingCapacity: true)
  }

  /// Writes a whole file.
  static func write(_ text: String, to path: String) throws(OutputError) {
    let file = try OutputFile(path)
    file.append(text)
    try file.finish()
  }
}
