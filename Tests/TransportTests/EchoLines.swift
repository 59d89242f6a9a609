import LineProtocol
import NIOCore
import Synchronization
import Transport

/// Answers each line with itself as a JSON string, and some lines otherwise.
///
/// | line | what happens |
/// |---|---|
/// | `hold…` | held until somebody sends `go`, then answered |
/// | `later…` | answered, in order, when somebody sends `commit` |
/// | `big` | an answer of 100,000 bytes |
final class EchoLines: LineHandler {
  /// What happened, for the test to read from its own thread.
  final class Log: Sendable {
    private let entries = Mutex<[String]>([])
    var all: [String] { entries.withLock { $0 } }
    func add(_ entry: String) { entries.withLock { $0.append(entry) } }
    func count(of entry: String) -> Int { all.count { $0 == entry } }
  }

  private let log: Log
  private var mayPass = false
  private var commitsAtOnce = false
  private var held: [Connection] = []
  private var later: [(Connection, String)] = []

  init(log: Log) {
    self.log = log
  }

  func refused(_ connection: Connection) {
    connection.output.value("too many")
    connection.output.newline()
  }

  func opened(_ connection: Connection) { log.add("opened \(connection.peer)") }

  func line(_ line: Span<UInt8>, from connection: Connection) -> LineOutcome {
    let text = String(decoding: (0..<line.count).map { line[$0] }, as: UTF8.self)
    if text.hasPrefix("hold"), !mayPass {
      log.add("held")
      held.append(connection)
      return .held
    }
    if text.hasPrefix("later") {
      connection.dueAnswers += 1
      later.append((connection, text))
      log.add("later")
      return .taken
    }
    if text == "go" { pass() }
    if text == "commit" { commit() }
    answer(connection, text == "big" ? String(repeating: "x", count: 100_000) : text)
    return .taken
  }

  func lineTooLong(from connection: Connection) { answer(connection, "too long") }

  func turnEnded() {
    log.add("turn")
    if commitsAtOnce { commit() }
  }

  func closed(_ connection: Connection) { log.add("closed") }

  /// Holds nothing and commits every turn from now on.
  func release() {
    commitsAtOnce = true
    pass()
    commit()
  }

  private func pass() {
    mayPass = true
    for connection in held { connection.resume() }
    held = []
  }

  private func commit() {
    for (connection, text) in later {
      answer(connection, text)
      connection.dueAnswers -= 1
      connection.flush()
    }
    later = []
  }

  private func answer(_ connection: Connection, _ text: String) {
    connection.output.value(text)
    connection.output.newline()
  }
}
