import LineProtocol
import Transport

/// The results of one transaction's calls, gathered until none is due any more.
final class TransactionReply {
  private var results: [[UInt8]]
  private var failure: ErrorReply?
  private let outer: Reply

  /// Results that come later, and the running of the calls itself, counted as one.
  private var open = 1

  /// That of the last record; nil while nothing has one.
  private var revision: UInt64?

  init(callCount: Int, outer: Reply) {
    results = [[UInt8]](repeating: [], count: callCount)
    self.outer = outer
  }

  func expectResult() { open += 1 }

  /// The call at `index` has its result: the whole answer is given, of which the result is taken.
  func write(_ index: Int, _ body: (inout JSONWriter, RequestID) -> Void) {
    var writer = JSONWriter()
    body(&writer, .null)
    results[index] = Array(
      writer.bytes[Self.envelope.count..<(writer.bytes.count - 1)])
  }

  /// The commit that the call is part of has failed.
  func fail(_ error: ErrorReply) { failure = failure ?? error }

  func note(revision: UInt64) { self.revision = max(revision, self.revision ?? 0) }

  /// One of what was open is done; the last one answers.
  func close(newest: UInt64) {
    open -= 1
    guard open == 0 else { return }
    if let failure { return outer.write(failure) }
    outer.write(TransactionResult(results: results, revision: revision ?? newest))
  }

  /// What stands before the result in an answer without an ID of its own.
  private static let envelope: [UInt8] = {
    var writer = JSONWriter()
    PingResult().appendAnswer(to: &writer, id: .null)
    return Array(writer.bytes.dropLast("{}}".utf8.count))
  }()
}
