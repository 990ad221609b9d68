public import Engine
import Glibc
import Market

/// The kill switch as a file: there means engaged, whatever it holds.
///
/// It outlives the store and can be made by hand (`touch`) when nothing else answers. Its text is a
/// time in nanoseconds and the reason, one line each.
public struct KillSwitchFile: Hashable, Sendable {
  /// Where it is.
  public let path: String

  /// Names the file; nothing is read or written.
  public init(path: String) { self.path = path }

  /// What the file says.
  ///
  /// - Returns: The engaged switch, or nil where there is no file. A file that does not read as one
  ///   of ours engages too, at time zero.
  /// - Throws: ``StoreError`` where it cannot be told whether there is a file.
  public func read() throws(StoreError) -> KillSwitchRecord? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let fault = FileFault.current
      if fault.number == ENOENT { return nil }
      throw fault.storeError(path)
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4_096)
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    guard count >= 0 else { throw FileFault.current.storeError(path) }
    let lines = String(decoding: bytes.prefix(count), as: UTF8.self)
      .split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    guard lines.count == 2, let time = Int64(lines[0]) else {
      return KillSwitchRecord(
        time: Instant(nanoseconds: 0), isEngaged: true, reason: "The file \(path) stands.")
    }
    let reason = lines[1].hasSuffix("\n") ? lines[1].dropLast() : lines[1]
    return KillSwitchRecord(
      time: Instant(nanoseconds: time), isEngaged: true, reason: String(reason))
  }

  /// Makes the file stand with what `record` says, on the disk when it returns.
  ///
  /// The whole text appears at once: it is written beside the file and renamed over it.
  ///
  /// - Throws: ``StoreError`` where the file may not stand.
  public func write(_ record: KillSwitchRecord) throws(StoreError) {
    let draft = path + ".new"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FileFault.current.storeError(draft) }
    var rest = Array("\(record.time.nanoseconds)\n\(record.reason.prefix(1_000))\n".utf8)[...]
    var fault: FileFault?
    while !rest.isEmpty, fault == nil {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 { fault = .current } else { rest = rest.dropFirst(count) }
    }
    if fault == nil, fsync(descriptor) != 0 { fault = .current }
    close(descriptor)
    if fault == nil, rename(draft, path) != 0 { fault = .current }
    if let fault { throw fault.storeError(path) }
    try syncFolder()
  }

  /// Takes the file away, on the disk when it returns; none there is fine.
  ///
  /// - Throws: ``StoreError`` where the file may still stand.
  public func remove() throws(StoreError) {
    guard unlink(path) == 0 else {
      let fault = FileFault.current
      if fault.number == ENOENT { return }
      throw fault.storeError(path)
    }
    try syncFolder()
  }

  /// Makes the folder's entry as durable as the file.
  private func syncFolder() throws(StoreError) {
    let folder = FilePath.split(path).folder
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileFault.current.storeError(folder) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileFault.current.storeError(folder) }
  }
}
