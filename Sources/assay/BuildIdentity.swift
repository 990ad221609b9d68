import Glibc
import Market
import Report

/// Which Assay this is: law 5 makes a run a function of it.
enum BuildIdentity {
  /// The version of the sources.
  static let version = "0.1.0"

  /// How it was built and the digest of the very executable that runs, as in `release-0f3a…`.
  static var build: String { "\(mode)-\(executableDigest ?? "unknown")" }

  /// `debug` or `release`.
  static var mode: String {
    #if DEBUG
      "debug"
    #else
      "release"
    #endif
  }

  /// The compiler, as far as it can be told while compiling.
  static var toolchain: String {
    #if compiler(>=6.5)
      "Swift 6.5 or later, language mode 6"
    #elseif compiler(>=6.4)
      "Swift 6.4, language mode 6"
    #elseif compiler(>=6.3)
      "Swift 6.3, language mode 6"
    #else
      "Swift 6.2, language mode 6"
    #endif
  }

  /// System and processor.
  static var platform: String {
    #if arch(x86_64)
      "Linux x86-64"
    #elseif arch(arm64)
      "Linux arm64"
    #else
      "Linux"
    #endif
  }

  /// The SHA-256 of the program file, which a certificate names.
  static func digest(on console: Console) throws -> String {
    do {
      return try SHA256.hex(ofFile: "/proc/self/exe")
    } catch {
      console.error("this program cannot read itself: \(error)", remedy: "Mount /proc.")
      throw ExitStatus.fault
    }
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
