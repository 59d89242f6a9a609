internal import IPLedgerClient

/// A picture of a daemon that is drawn anew every second, until `q`.
package struct Top {
  private let call: Shell.Call
  private let interval: Duration

  package init(interval: Duration = .seconds(1), call: @escaping Shell.Call) {
    self.call = call
    self.interval = interval
  }

  /// Runs until `q`, or until a signal ends it.
  ///
  /// Without a terminal it draws one picture. On one it holds back the thread's signals: run it
  /// where there is no other thread that they could go to. Throws when the daemon does not answer
  /// the first question; later ones are asked again.
  package func run(input: Int32 = 0, output: Int32 = 1) throws {
    var state = TopState()
    state.update(try TopSample(time: Self.now, call: call))
    guard let terminal = Terminal(input: input, output: output) else {
      let rows = (state.sample?.ranges.count ?? 0) + 8
      let lines = TopView.lines(state, columns: 120, rows: rows)
      StandardStream.output.write(lines.dropLast().joined(separator: "\n") + "\n")
      return
    }
    terminal.write(Self.enter)
    draw(state, terminal)
    loop(&state, terminal)
    terminal.write(Self.leave)
  }

  private func loop(_ state: inout TopState, _ terminal: borrowing Terminal) {
    var decoder = KeyDecoder()
    var due = Self.now + interval
    while true {
      if let signal = terminal.nextSignal(), !handle(signal, state, terminal) { return }
      let left = max(min(due - Self.now, .milliseconds(100)), .zero)
      guard let bytes = terminal.read(within: Int32(left / .milliseconds(1)) + 1) else { return }
      for key in bytes.isEmpty ? decoder.flush() : decoder.decode(bytes) {
        switch state.press(key) {
        case .quit: return
        case .redraw: draw(state, terminal)
        case .suspend: suspend(state, terminal)
        case .none: break
        }
      }
      guard Self.now >= due else { continue }
      due = Self.now + interval
      guard !state.isPaused else { continue }
      do {
        state.update(try TopSample(time: Self.now, call: call))
      } catch {
        state.fail("\(error)")
      }
      draw(state, terminal)
    }
  }

  /// False: that was the end.
  private func handle(
    _ signal: Int32, _ state: TopState, _ terminal: borrowing Terminal
  ) -> Bool {
    switch Terminal.meaning(of: signal) {
    case .resize: break
    case .suspend:
      suspend(state, terminal)
      return true
    case .interrupt, .end: return false
    }
    draw(state, terminal)
    return true
  }

  private func suspend(_ state: TopState, _ terminal: borrowing Terminal) {
    terminal.write(Self.leave)
    terminal.suspend()
    terminal.write(Self.enter)
    draw(state, terminal)
  }

  /// The other screen, without a cursor.
  private static let enter = "\u{1B}[?1049h\u{1B}[?25l"
  private static let leave = "\u{1B}[?25h\u{1B}[?1049l"

  private func draw(_ state: TopState, _ terminal: borrowing Terminal) {
    let size = terminal.size
    let lines = TopView.lines(state, columns: size.columns, rows: size.rows)
    let text = lines.map { $0 + "\u{1B}[K" }.joined(separator: "\n")
    terminal.write("\u{1B}[H" + text + "\u{1B}[J")
  }

  private static var now: Duration { epoch.duration(to: .now) }

  private static let epoch = ContinuousClock.now
}
