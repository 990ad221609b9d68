import Glibc
import Market

/// The machine that a command runs on; it decides how fast, never what comes out.
enum Machine {
  /// How many cores there are, at least one.
  static var coreCount: Int { max(1, Int(sysconf(CInt(_SC_NPROCESSORS_ONLN)))) }

  /// The wall clock, in whole milliseconds.
  static var wallTime: Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
