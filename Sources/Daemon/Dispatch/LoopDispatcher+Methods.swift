import AddressBitmap
import Allocation
import LineProtocol
import Transport

extension LoopDispatcher {
  /// Does what the request asks for: answers it, expects its answer, or has it wait.
  func perform(
    _ request: Request, _ line: Span<UInt8>, _ known: ConnectionContext
  ) throws(ErrorReply) -> LineOutcome {
    switch request.head.method {
    case .podReserve: return try reservePod(request, line)
    case .podRelease: return try releasePod(request, line)
    case .podForget: return try forgetPod(request, line)
    case .podReconcile: return try reconcilePods(request, line)
    case .transaction: return try runTransaction(request, line, known)
    case .podGet: return try getPod(request, line)
    case .podList: try listPods(request, line)
    case .serviceReserve: return try reserveService(request, line)
    case .serviceUpdate: return try updateService(request, line)
    case .serviceAdopt: return try adoptService(request, line)
    case .serviceRelease: return try releaseService(request, line)
    case .serviceGet: return try getService(request, line)
    case .serviceList: try listServices(request, line)
    case .nodeRegister: return try registerNode(request, line)
    case .nodeRelease: return try releaseNode(request, line)
    case .nodeGet: return try getNode(request, line)
    case .nodeList: try listNodes(request, line)
    case .rangeList: try listRanges(request, line)
    case .rangeGet: try getRange(request, line)
    case .rangeAdd: return try addRange(request, line)
    case .rangeDrain: return try drainRange(request, line)
    case .rangeRemove: return try removeRange(request, line)
    case .rangeExclude: return try excludeBlocks(request, line)
    case .rangeInclude: return try includeBlocks(request, line)
    case .rangeExplain: return try explainRange(request, line, known)
    case .ipGet: try getIP(request, line)
    case .ipHistory: try readHistory(request, line)
    case .ledgerRead: try readLedger(request, line)
    case .ledgerWatch: try watchLedger(request, line, known)
    case .ledgerUnwatch: try unwatchLedger(request, line, known)
    case .ledgerVerify: try verifyLedger(request, line)
    case .ledgerBackup: try backUpLedger(request, line)
    case .ledgerCompact: try compactLedger(request, line)
    case .egressClassify: try classifyEgress(request, line)
    case .egressRender: try renderEgress(request, line)
    case .serverInfo: try info(request, line)
    case .serverPing: try ping(request, line)
    case .serverHealth: try health(request, line)
    case .serverStats: try stats(request, line)
    case .serverAuthenticate: try authenticate(request, line, known)
    case .discover: try discover(request, line)
    }
    return .taken
  }

  /// The request's params; throws when they are wrong or came too late.
  func params<Params: MethodParams>(
    _ type: Params.Type, _ request: Request, _ line: Span<UInt8>
  ) throws(ErrorReply) -> Params {
    let params = try Params(line: line, object: request.head.params, limits: limits)
    try checkCall(request, deadline: params.deadline)
    if let deadline = params.deadline, deadline < engine.clock.wallMilliseconds() {
      throw .deadlineExceeded
    }
    return params
  }

  /// Whether a request that looks at one owner waits: two requests of one connection about the same
  /// owner take effect in the order sent, so it sees the changes that the connection asked for
  /// before.
  func mustWait(_ request: Request, _ isInFlight: @autoclosure () -> Bool) -> Bool {
    guard request.reply.connection.dueAnswers > 0, isInFlight() else { return false }
    engine.waitForChange(mailbox)
    return true
  }

  /// Runs one decision of the engine and has the request answered, expected or held.
  func decide<Answer>(
    _ request: Request, _ kind: PendingAnswer.Kind,
    _ decision: (inout ChangeBatch) throws(Refusal) -> Decision<Answer>,
    answer: (Answer) -> Void
  ) throws(ErrorReply) -> LineOutcome {
    try decide(
      request, kind, work: { work throws(Refusal) in try decision(&work.batch) }, answer: answer)
  }

  /// The same for a decision that needs more of the turn's work, which it has for itself.
  @inline(__always)
  func decide<Answer>(
    _ request: Request, _ kind: PendingAnswer.Kind,
    work decision: (inout TurnWork) throws(Refusal) -> Decision<Answer>,
    answer: (Answer) -> Void
  ) throws(ErrorReply) -> LineOutcome {
    do throws(Refusal) {
      switch try work.decide(request, kind, started: turnStarted, decision) {
      case .answered(let result): answer(result)
      case .recorded, .repeats: break
      case .wait:
        if let failure = engine.failure { throw Refusal.ledger(failure) }
        return .held
      }
      return .taken
    } catch {
      if engine.isProvisional(error, waiter: mailbox) { return .held }
      throw ErrorReply(error, request.caller.access)
    }
  }
}

/// The answers to requests whose batch has come back.
extension LoopDispatcher {
  /// Writes the error that the batch came to, and answers what is wrong.
  func refuse(_ answer: borrowing PendingAnswer, _ batch: borrowing ChangeBatch) -> ErrorReason {
    guard case .failed(let refusal) = batch.outcome else { return .internalError }
    let error = ErrorReply(refusal)
    answer.reply.write(error)
    return error.reason
  }

  /// Writes the answer from a batch that is durable.
  func write(
    _ answer: borrowing PendingAnswer, _ batch: borrowing ChangeBatch, firstRevision: UInt64
  ) {
    let revision = firstRevision + UInt64(answer.first)
    let last = firstRevision + UInt64(answer.end) - 1
    answer.reply.call?.transaction.note(revision: last)
    switch answer.kind {
    case .podReserve:
      // What is kept for the pod ends before it.
      guard
        let pod = engine.podAnswer(
          batch.changes[answer.end - 1], revision: last, isRepeat: answer.isRepeat)
      else { preconditionFailure("a pod's change has its node") }
      write(pod, answer.reply)
    case .podRelease:
      write(released: batch, answer, revision: last)
    case .podReconcile:
      write(reconciled: batch, answer, revision: last)
    case .service:
      let service = engine.serviceAnswer(
        batch.changes[answer.first], revision: revision,
        isRepeat: answer.isRepeat, isUpdate: answer.method == .serviceUpdate)
      answer.reply.write(result(service, method: answer.method))
    case .serviceRelease:
      let service = ServiceObject(batch.changes[answer.first].object)
      answer.reply.write(
        ReleaseResult(released: service.addresses + service.ingress, revision: revision))
    case .nodeRegister:
      let node = engine.nodeAnswer(
        batch.changes[answer.first], revision: revision, isRepeat: answer.isRepeat)
      answer.reply.write(result(node))
    case .nodeRelease(let isForced):
      write(releasedNode: batch, answer, isForced: isForced, revision: last)
    case .range(let blocks):
      write(changedRange: batch.changes[answer.first].object, answer, blocks, revision: last)
    case .nothing(let write): write(last)
    }
  }
}
