internal import CSystemd
internal import Glibc

/// Tells the service manager how the daemon is; without one every call does nothing.
package struct SystemdNotifier: Sendable {
  package init() {}

  /// How often `watchdog()` is expected at the latest; nil when nobody waits for it.
  ///
  /// Call it at half of that, from the code path that serves.
  package var watchdogIntervalMicroseconds: UInt64? {
    var interval: UInt64 = 0
    // `interval` outlives the call, which fills it when it answers more than 0.
    return unsafe sd_watchdog_enabled(0, &interval) > 0 ? interval : nil
  }

  /// Everything that can be served is.
  package func ready() { send("READY=1") }

  /// The configuration is being read anew; `ready()` ends it, with success or not.
  ///
  /// The time tells the manager which of its requests this answers.
  package func reloading() {
    var now = timespec()
    // `now` outlives the call, which fills it: the clock exists on every Linux.
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    send("RELOADING=1\nMONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1_000)")
  }

  package func stopping() { send("STOPPING=1") }
  package func watchdog() { send("WATCHDOG=1") }

  /// One line that the status command shows; line breaks would begin another message.
  package func status(_ text: String) {
    send("STATUS=" + text.split(whereSeparator: \.isNewline).joined(separator: " "))
  }

  /// A message that does not arrive leaves nothing to do: the manager acts on its absence.
  private func send(_ state: String) { _ = unsafe sd_notify(0, state) }
}
