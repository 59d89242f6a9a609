import FaultKit
import Foundation

/// A terminal that a test types on.
///
/// `@unchecked Sendable`: what was shown and whether it has ended are guarded by `condition`.
final class PseudoTerminal: @unchecked Sendable {
  /// The end that programs have.
  let program: Int32
  private let hand: Int32
  private let condition = NSCondition()
  private var shown = ""
  private var thread: pthread_t?
  private var hasEnded = false

  init() throws {
    var ends: (hand: Int32, program: Int32) = (-1, -1)
    var size = winsize(ws_row: 24, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&ends.hand, &ends.program, nil, nil, &size) == 0 else {
      throw HarnessFailure.system("openpty", errno)
    }
    for end in [ends.hand, ends.program] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    hand = ends.hand
    program = ends.program
  }

  deinit {
    close(program)
    close(hand)
  }

  /// Runs `body` on a thread of its own, which signals can be sent to.
  func run(_ body: @escaping @Sendable (Int32) -> Void) {
    let started = DispatchSemaphore(value: 0)
    let worker = Thread { [self] in
      condition.withLock { thread = pthread_self() }
      started.signal()
      body(program)
      condition.withLock {
        hasEnded = true
        thread = nil
        condition.broadcast()
      }
    }
    worker.start()
    started.wait()
  }

  /// Whether lines are gathered and keys are shown, as a shell expects it.
  var isAsItWas: Bool {
    var settings = termios()
    tcgetattr(program, &settings)
    let wanted = tcflag_t(ICANON | ECHO | ISIG)
    return settings.c_lflag & wanted == wanted
  }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = write(hand, bytes, bytes.count)
  }

  func signal(_ number: Int32) {
    condition.withLock { if let thread { _ = pthread_kill(thread, number) } }
  }

  /// Reads until the text was shown.
  func wait(for text: String) throws {
    try eventually("'\(text)' on the terminal") {
      var wanted = pollfd(fd: hand, events: Int16(POLLIN), revents: 0)
      if poll(&wanted, 1, 10) > 0 {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = read(hand, &chunk, chunk.count)
        if count > 0 { shown += String(decoding: chunk[..<count], as: UTF8.self) }
      }
      return shown.contains(text) ? () : nil
    }
  }

  func waitForEnd() throws {
    let limit = Deadline.usual.date
    try condition.withLock {
      while !hasEnded {
        guard condition.wait(until: limit) else { throw HarnessFailure.deadline("the end") }
      }
    }
  }
}
