import AddressBitmap
import Addressing
import Allocation
import LineProtocol
import Transport

// Why a range, or a request, has what it has.
extension LoopDispatcher {
  func explainRange(
    _ request: Request, _ line: Span<UInt8>, _ known: ConnectionContext
  ) throws(ErrorReply) -> LineOutcome {
    let params = try params(RangeExplainParams.self, request, line)
    switch params.subject {
    case .range(let target):
      let (range, revision) = try find(target)
      try explain([range], nil, revision, request)
      return .taken
    case .request(let name, let range):
      guard let method = Method(Array(name.utf8).span), method.isExplained else {
        throw .invalidParams([
          Cause(
            "request.method", .notSupported,
            "'\(name)' is none of pod.reserve, service.reserve, service.update, node.register")
        ])
      }
      return try foresee(
        RequestHead(method: method, params: range), request, line, known)
    }
  }

  private func find(
    _ target: RangeGetParams.Target
  ) throws(ErrorReply) -> (range: RangeStatus, revision: UInt64) {
    let cause: Cause
    switch target {
    case .name(let name):
      if let found = engine.range(named: name) { return found }
      cause = Cause("name", .invalid, "there is no range \(name)")
    case .cidr(let cidr):
      if let found = engine.range(of: cidr) { return found }
      cause = Cause("cidr", .invalid, "\(cidr) is neither a range nor a node's pod CIDR")
    }
    throw .notFound(cause.message, causes: [cause])
  }

  /// Decides the request as a transaction that comes to nothing.
  private func foresee(
    _ head: RequestHead, _ request: Request, _ line: Span<UInt8>, _ known: ConnectionContext
  ) throws(ErrorReply) -> LineOutcome {
    let first = pendingCount
    let call = Request(
      head: head, caller: request.caller,
      reply: Reply(
        connection: request.reply.connection, id: .null, batch: request.reply.batch,
        call: Reply.Call(
          transaction: TransactionReply(callCount: 1, outer: request.reply), index: 0)))
    engine.beginTransaction(in: &batch)
    var failure: ErrorReply?
    var outcome = LineOutcome.taken
    do throws(ErrorReply) {
      outcome = try perform(call, line, known)
    } catch {
      failure = error
    }
    engine.abandonTransaction(in: &batch, waiter: mailbox)
    dropPending(from: first)
    // It depends on what is on its way to the disk: it is looked at again after that.
    if outcome == .held { return .held }
    try explain(ranges(of: head.method), .init(error: failure), engine.revision, request)
    return .taken
  }

  /// Where a request that was just decided takes from.
  private func ranges(of method: Method) -> [RangeStatus] {
    let all = engine.allRanges().ranges
    switch method {
    case .podReserve: return engine.sourceRanges(of: work.draft)
    case .nodeRegister:
      return all.filter { if case .cluster = $0.subject { true } else { false } }
    default:
      return all.filter { range in
        switch range.subject {
        case .service, .loadBalancer: true
        default: false
        }
      }
    }
  }

  /// Answers elsewhere: the owners of a range take some milliseconds to count.
  private func explain(
    _ ranges: [RangeStatus], _ forecast: RangeExplainResult.Forecast?, _ revision: UInt64,
    _ request: Request
  ) throws(ErrorReply) {
    let engine = engine
    try read(for: .answer(request.reply, request.head.method)) { _ in
      .result(
        RangeExplainResult(
          forecast: forecast, ranges: ranges.map { RangeExplanationItem(engine.explain($0)) },
          revision: revision))
    }
    request.reply.postpone()
  }
}

extension RangeExplanationItem {
  fileprivate init(_ found: RangeExplanation) {
    self.init(range: RangeItem(found.status, revision: nil))
    largestFreeRun = found.largestFreeRun.map { ($0.first, $0.count) }
    owners = found.owners.map { .init(name: $0.name, count: UInt128($0.count)) }
    isSampled = found.isSampled
    oldestQuarantined = found.oldestRest.map { ($0.address, $0.since, $0.freeAt) }
    wouldFree = found.remedies
    if let pace = found.pace {
      perHour = Int64(pace.change) * 3_600_000 / pace.milliseconds
      fullInSeconds = pace.secondsUntilFull(free: found.status.free)
    }
  }
}

extension Method {
  fileprivate var isExplained: Bool {
    switch self {
    case .podReserve, .serviceReserve, .serviceUpdate, .nodeRegister: true
    default: false
    }
  }
}
