import Glibc
import Market

/// Which Assay this is: law 5 makes a run a function of it.
enum BuildIdentity {
  /// The version of the sources.
  static let version = "0.1.0"

  /// How it was built and the digest of the very executable that runs, as in `release-0f3a…`.
  static var build: String {
    #if DEBUG
      let mode = "debug"
    #else
      let mode = "release"
    #endif
    return "\(mode)-\(executableDigest ?? "unknown")"
  }

  /// The digest of the program file; nil where the system does not show it.
  private static var executableDigest: String? {
    let file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var digest = Digest()
    var block = [UInt64](repeating: 0, count: 8_192)
    while true {
      let count = block.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
      guard count > 0 else { return count == 0 ? digest.description : nil }
      // What an earlier block left behind a short one is cleared.
      block.withUnsafeMutableBytes { bytes in
        for index in count..<bytes.count { bytes[index] = 0 }
      }
      for word in block { digest.add(word) }
      digest.add(UInt64(count))
    }
  }
}
