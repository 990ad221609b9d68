import Glibc

/// The right to be the one writer of a store: an advisory lock on a file beside it.
///
/// The kernel gives the lock back when the process ends, however it ends, so that nothing has to be
/// cleaned after a crash. The file stays: removing it would let two processes lock two files. The
/// lock cannot be on the store itself, because closing any descriptor of that file would drop
/// SQLite's own locks.
final class WriterLock {
  private let descriptor: Int32

  /// Takes the lock of the store at `path`, an absolute path.
  init(path: String) throws(StoreError) {
    let file = path + ".lock"
    let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileFault.current.storeError(file) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let fault = FileFault.current
      let holder = Self.holder(descriptor)
      close(descriptor)
      guard fault.number == EWOULDBLOCK else { throw fault.storeError(file) }
      throw StoreError(
        .busy, "Another instance (\(holder)) writes to \(path).",
        remedy: "Stop that instance, or point this one at another file.")
    }
    self.descriptor = descriptor
    let text = Array("process \(getpid())\n".utf8)
    // Only people read the text: the lock holds without it.
    _ = ftruncate(descriptor, 0)
    _ = pwrite(descriptor, text, text.count, 0)
  }

  deinit { close(descriptor) }

  private static func holder(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return "a process that is starting" }
    return String(decoding: bytes.prefix(count).prefix { $0 != 0x0a }, as: UTF8.self)
  }
}
