package import IPLedgerClient

/// Lines in, answers out: with editing, history and completion on a terminal, plainly otherwise.
package struct Shell {
  /// Calls a method of the daemon, within a time of the caller's choice.
  package typealias Call = (_ method: String, _ params: JSON) throws -> JSON

  private let call: Call
  private let historyFile: HistoryFile?

  /// Whether failures are red on a terminal.
  package var hasColour = true
  private static let prompt = "ipledger> "

  /// - Parameter environment: says where the history is kept.
  package init(environment: [String: String], call: @escaping Call) {
    self.call = call
    historyFile = HistoryFile(environment: environment)
  }

  /// Runs until there are no more lines, and says how the process shall end: with 1 when a line of
  /// a pipe failed.
  ///
  /// On a terminal it holds back the thread's signals: run it where there is no other thread that
  /// they could go to. Throws when the daemon does not say which methods it has.
  package func run(input: Int32 = 0, output: Int32 = 1) throws -> Int32 {
    let catalogue = MethodCatalogue(try call("rpc.discover", [:]))
    if let terminal = Terminal(input: input, output: output) {
      var session = ShellSession(call: call, catalogue: catalogue, isPlain: false)
      interact(terminal, &session)
      return 0
    }
    return pipe(ShellSession(call: call, catalogue: catalogue, isPlain: true))
  }

  // MARK: Without a terminal

  private func pipe(_ session: ShellSession) -> Int32 {
    var status: Int32 = 0
    while let line = readLine() {
      switch session.respond(to: line) {
      case .text(let text): StandardStream.output.write(text + "\n")
      case .failure(let text):
        StandardStream.errors.write(text + "\n")
        status = 1
      case .nothing: break
      case .exit: return status
      }
    }
    return status
  }

  // MARK: On a terminal

  private func interact(_ terminal: borrowing Terminal, _ session: inout ShellSession) {
    var editor = LineEditor(history: historyFile?.read() ?? LineHistory())
    var decoder = KeyDecoder()
    show(editor, terminal)
    while true {
      if let signal = terminal.nextSignal(), !handle(signal, editor, terminal) { return }
      guard let bytes = terminal.read(within: 100) else { return }
      for key in bytes.isEmpty ? decoder.flush() : decoder.decode(bytes) {
        let outcome = editor.press(key)
        guard respond(to: outcome, &editor, &session, terminal) else { return }
      }
    }
  }

  /// False: that was the end.
  private func handle(
    _ signal: Int32, _ editor: LineEditor, _ terminal: borrowing Terminal
  ) -> Bool {
    switch Terminal.meaning(of: signal) {
    case .resize: show(editor, terminal)
    case .suspend:
      terminal.suspend()
      show(editor, terminal)
    case .interrupt: break
    case .end:
      terminal.write("\n")
      return false
    }
    return true
  }

  /// False: that was the end.
  private func respond(
    to outcome: LineEditor.Outcome, _ editor: inout LineEditor, _ session: inout ShellSession,
    _ terminal: borrowing Terminal
  ) -> Bool {
    switch outcome {
    case .edited: break
    case .cancelled: terminal.write("^C\n")
    case .clearScreen: terminal.write("\u{1B}[H\u{1B}[2J")
    case .suspend:
      terminal.write("\n")
      terminal.suspend()
    case .complete: complete(&editor, session, terminal)
    case .ended:
      terminal.write("\n")
      return false
    case .submitted(let line):
      terminal.write("\n")
      historyFile?.write(editor.history)
      session.width = terminal.size.columns
      switch session.respond(to: line) {
      case .text(let text): terminal.write(text + "\n")
      case .failure(let text):
        terminal.write(hasColour ? "\u{1B}[31m\(text)\u{1B}[m\n" : "\(text)\n")
      case .nothing: break
      case .exit: return false
      }
    }
    show(editor, terminal)
    return true
  }

  private func complete(
    _ editor: inout LineEditor, _ session: ShellSession, _ terminal: borrowing Terminal
  ) {
    let completion = session.complete(editor.textBeforeCursor)
    let shared = completion.sharedPrefix
    if completion.choices.count > 1, shared.count <= completion.replacedCount {
      let columns = terminal.size.columns
      let lines = TextColumns.lines(completion.choices, columns: columns).prefix(40)
      terminal.write("\n" + lines.joined(separator: "\n") + "\n")
    } else if !completion.choices.isEmpty {
      editor.replace(last: completion.replacedCount, with: shared)
    }
  }

  private func show(_ editor: LineEditor, _ terminal: borrowing Terminal) {
    let view = LineView(prompt: Self.prompt, editor, columns: terminal.size.columns)
    terminal.write(view.escapes)
  }
}
