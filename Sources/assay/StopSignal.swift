import Glibc
import Synchronization

/// SIGINT and SIGTERM as something to wait for; a second one ends the process at once.
enum StopSignal {
  /// The pipe's end that the handler writes to: all that a handler may safely do.
  private static let signalled = Atomic<CInt>(-1)

  /// Waits until the process is asked to stop; meanwhile this thread does nothing else.
  ///
  /// - Throws: ``ExitStatus/fault`` where the system has no descriptors left.
  static func wait() throws {
    var ends: [CInt] = [-1, -1]
    guard pipe(&ends) == 0 else { throw ExitStatus.fault }
    signalled.store(ends[1], ordering: .sequentiallyConsistent)
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        var byte: UInt8 = 0
        _ = write(StopSignal.signalled.load(ordering: .sequentiallyConsistent), &byte, 1)
      }
    }
    var byte: UInt8 = 0
    while read(ends[0], &byte, 1) < 0, errno == EINTR {}
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }
}
