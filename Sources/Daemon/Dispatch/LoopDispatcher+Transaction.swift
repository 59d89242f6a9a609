import Addressing
import Allocation
import LineProtocol
import Transport

extension LoopDispatcher {
  /// Runs the calls one after the other: their changes are one piece of this turn's batch, or are
  /// taken out of it again.
  func runTransaction(
    _ request: Request, _ line: Span<UInt8>, _ known: ConnectionContext
  ) throws(ErrorReply) -> LineOutcome {
    let params = try params(TransactionParams.self, request, line)
    let calls = try calls(params, request.caller, line)
    let reply = TransactionReply(callCount: calls.count, outer: request.reply)
    let first = pendingCount
    engine.beginTransaction(in: &batch)
    for (index, head) in calls.enumerated() {
      let call = Request(
        head: head, caller: request.caller,
        reply: Reply(
          connection: request.reply.connection, id: .null, batch: request.reply.batch,
          call: Reply.Call(transaction: reply, index: index)))
      do throws(ErrorReply) {
        guard try perform(call, line, known) == .taken else {
          giveUp(from: first)
          return .held
        }
      } catch {
        giveUp(from: first)
        throw error.inOperation(index)
      }
    }
    engine.endTransaction(in: &batch)
    reply.close(newest: engine.revision)
    return .taken
  }

  private func giveUp(from first: Int) {
    engine.abandonTransaction(in: &batch, waiter: mailbox)
    dropPending(from: first)
  }

  /// What the calls are; throws for the first that has no place here.
  private func calls(
    _ params: TransactionParams, _ caller: Caller, _ line: Span<UInt8>
  ) throws(ErrorReply) -> [RequestHead] {
    var calls: [RequestHead] = []
    for (index, operation) in params.operations.enumerated() {
      var name: [UInt8] = []
      operation.method.append(to: &name, from: line)
      let text = String(decoding: name, as: UTF8.self)
      guard let method = Method(name.span) else {
        throw .methodNotFound(text, near: Method.near(name.span), index: index)
      }
      guard method.isTransactional else { throw .notInTransaction(text, index: index) }
      do throws(ErrorReply) { try caller.check(method) } catch { throw error.inOperation(index) }
      calls.append(RequestHead(method: method, params: operation.params))
    }
    return calls
  }

  /// A release found nothing: writes its answer with the newest revision that it has seen.
  ///
  /// - Parameter newest: that of the ledger; in a transaction that has changed something it is that
  ///   of the last change, once that is durable.
  func releasedNothing(
    _ request: Request, newest: UInt64, _ write: @escaping (UInt64) -> Void
  ) {
    guard request.reply.call != nil, let change = batch.lastOfTransaction else {
      return write(newest)
    }
    expect(.nothing(write), request, change..<(change + 1))
  }

  /// Only the whole has a deadline, and nothing of it runs dry.
  func checkCall(
    _ request: Request, deadline: Int64?, dryRun: Bool = false
  ) throws(ErrorReply) {
    guard request.reply.call != nil else { return }
    var causes: [Cause] = []
    if deadline != nil {
      causes.append(
        Cause("deadline", .forbidden, "the transaction has the deadline, its calls have none"))
    }
    if dryRun {
      causes.append(Cause("dryRun", .forbidden, "a call of a transaction is not run dry"))
    }
    guard causes.isEmpty else { throw .invalidParams(causes) }
  }
}

extension Method {
  /// Whether a transaction may call it.
  var isTransactional: Bool {
    switch self {
    case .podReserve, .podRelease, .serviceReserve, .serviceUpdate, .serviceRelease,
      .nodeRegister, .nodeRelease:
      true
    default:
      false
    }
  }
}
