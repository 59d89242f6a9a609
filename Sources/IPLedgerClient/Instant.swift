internal import Glibc

/// A moment of the monotonic clock, which no one sets.
package struct Instant: Sendable {
  /// Microseconds since the machine's start.
  private let microseconds: Int64

  /// `duration` from now; what is longer than a year is a year.
  package init(in duration: Duration) {
    let year: Int64 = 365 * 24 * 3_600
    let seconds = min(duration.components.seconds, year)
    let fraction = duration.components.attoseconds / 1_000_000_000_000
    microseconds = Self.now(CLOCK_MONOTONIC) + seconds * 1_000_000 + fraction
  }

  /// How long until then; 0 when it has passed.
  package var microsecondsLeft: Int64 { max(microseconds - Self.now(CLOCK_MONOTONIC), 0) }

  /// The same moment by the wall clock, in milliseconds since 1970.
  package var wallMilliseconds: Int64 { (Self.now(CLOCK_REALTIME) + microsecondsLeft) / 1_000 }

  private static func now(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    // Safe: the kernel fills the structure; both clocks exist on every Linux.
    _ = unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
  }
}
