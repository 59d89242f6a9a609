import LineProtocol
import Transport

/// The answers to one batch line, gathered until none is due any more.
final class BatchReply {
  private var writer = JSONWriter()
  private var isEmpty = true

  /// Answers that come later, and the reading of the line itself, counted as one.
  private var open = 1

  /// What must not come before the line.
  private var followers: [() -> Void] = []

  /// Bytes of answers after which the rest of the batch is refused: what one client may have
  /// gathered in memory.
  private static let mostBytes = 4 << 20

  init() { writer.beginArray() }

  var isFull: Bool { writer.bytes.count > Self.mostBytes }

  func expectAnswer() { open += 1 }

  func whenClosed(_ body: @escaping () -> Void) { followers.append(body) }

  func write(_ body: (inout JSONWriter) -> Void) {
    isEmpty = false
    body(&writer)
  }

  /// One of what was open is done; the last one sends the line, if there is anything to say.
  func close(on connection: Connection) {
    open -= 1
    guard open == 0 else { return }
    for follower in followers { follower() }
    guard !isEmpty else { return }
    writer.endArray()
    let bytes = writer.bytes
    connection.output.value(json: bytes.span)
    connection.output.newline()
  }
}

/// Where the answer to one request goes.
struct Reply {
  /// One call of a transaction.
  struct Call {
    let transaction: TransactionReply
    let index: Int
  }

  let connection: Connection

  /// Nil for a notification: nothing is written.
  let id: RequestID?

  /// The batch that the request is part of.
  let batch: BatchReply?

  /// The call of a transaction that this is the result of.
  var call: Call?

  /// Writes an answer, whole or not at all.
  func write(_ body: (inout JSONWriter, RequestID) -> Void) {
    if let call { return call.transaction.write(call.index, body) }
    guard let id else { return }
    if let batch {
      batch.write { body(&$0, id) }
    } else {
      body(&connection.output, id)
      connection.output.newline()
    }
  }

  func write(_ result: some MethodResult) {
    write { writer, id in result.appendAnswer(to: &writer, id: id) }
  }

  /// The value of `result`, as JSON.
  func write(json: [UInt8]) {
    write(RawResult(json: json))
  }

  func write(_ error: ErrorReply) {
    if let call { return call.transaction.fail(error) }
    write { writer, id in error.appendAnswer(to: &writer, id: id) }
  }

  /// The answer comes later.
  func postpone() {
    connection.dueAnswers += 1
    batch?.expectAnswer()
    call?.transaction.expectResult()
  }

  /// The answer that was to come later does not come: the request starts again, or has failed.
  func recall() {
    connection.dueAnswers -= 1
    batch?.close(on: connection)
  }

  /// The answer that came later has been written.
  ///
  /// - Parameter newest: the revision of a transaction that changed nothing.
  func settle(newest: @autoclosure () -> UInt64) {
    connection.dueAnswers -= 1
    if let call { call.transaction.close(newest: newest()) }
    batch?.close(on: connection)
  }
}
