import AddressBitmap
import Allocation
import LineProtocol

/// What the requests of one turn of a loop work on.
///
/// One value, because each access to a member of the dispatcher costs a check that nobody else is
/// at it: a request asks once for all of this.
struct TurnWork: ~Copyable {
  /// The changes of this turn, and the requests that made them, in the same order.
  var batch: ChangeBatch
  var pending = UniqueBuffer<PendingAnswer>()

  /// Filled anew for each pod.
  var draft = PodDraft()

  init(batch: consuming ChangeBatch) { self.batch = batch }

  /// The request is answered when its changes in the batch are durable.
  ///
  /// - Parameters:
  ///   - isRepeat: a call of its own transaction has made them before.
  ///   - started: when the turn did, in monotonic nanoseconds.
  mutating func expect(
    _ answer: PendingAnswer.Kind, _ request: borrowing Request, _ changes: Range<Int>,
    isRepeat: Bool, started: Int64
  ) {
    request.reply.postpone()
    pending.append(
      PendingAnswer(
        reply: request.reply, method: request.head.method, kind: answer,
        first: changes.lowerBound, end: changes.upperBound, isRepeat: isRepeat, started: started))
  }

  /// Runs one decision, and notes the request where an answer is to come of it.
  @inline(__always)
  mutating func decide<Answer>(
    _ request: borrowing Request, _ kind: PendingAnswer.Kind, started: Int64,
    _ decision: (inout TurnWork) throws(Refusal) -> Decision<Answer>
  ) throws(Refusal) -> Decision<Answer> {
    let first = batch.count
    let decided = try decision(&self)
    switch decided {
    case .recorded:
      expect(kind, request, first..<batch.count, isRepeat: false, started: started)
    case .repeats(let change):
      expect(kind, request, change..<(change + 1), isRepeat: true, started: started)
    case .answered, .wait: break
    }
    return decided
  }
}
