import Glibc

/// The machine that a command runs on; it decides how fast, never what comes out.
enum Machine {
  /// How many cores there are, at least one.
  static var coreCount: Int { max(1, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN)))) }
}
