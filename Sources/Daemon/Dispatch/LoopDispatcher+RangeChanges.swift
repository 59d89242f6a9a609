import Addressing
import Allocation
import LineProtocol
import Transport

// Ranges that are added, drained and removed, and blocks that are excluded.
extension LoopDispatcher {
  /// How many owners an answer names: what one message may hold.
  private static let mostOwners = 1000

  func addRange(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) -> LineOutcome {
    let params = try params(RangeAddParams.self, request, line)
    let wanted = RangeRequest.add(
      name: params.name, purpose: RangePurpose(params.purpose), cidr: params.cidr)
    return try change(wanted, .name(params.name), request)
  }

  func drainRange(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) -> LineOutcome {
    let target = try params(RangeGetParams.self, request, line).target
    return try close(.drain(RangeName(target)), .range(excluding: nil), request) { revision in
      answer(target, request, revision)
    }
  }

  func removeRange(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) -> LineOutcome {
    let target = try params(RangeGetParams.self, request, line).target
    return try change(.remove(RangeName(target)), target, request)
  }

  private func change(
    _ wanted: RangeRequest, _ target: RangeGetParams.Target, _ request: Request
  ) throws(ErrorReply) -> LineOutcome {
    try decide(request, .range(excluding: nil)) { batch throws(Refusal) in
      try engine.changeRanges(
        wanted, actor: request.caller.actor, into: &batch, waiter: mailbox)
    } answer: { revision in
      answer(target, request, revision)
    }
  }

  /// Nothing had to be changed.
  private func answer(
    _ target: RangeGetParams.Target, _ request: Request, _ revision: UInt64
  ) {
    let range =
      switch target {
      case .name(let name): engine.range(named: name)?.range
      case .cidr(let cidr): engine.range(of: cidr)?.range
      }
    request.reply.write(
      RangeChangeResult(
        items: range.map { [RangeItem($0, revision: nil)] } ?? [], held: nil, revision: revision))
  }

  func excludeBlocks(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) -> LineOutcome {
    let params = try params(RangeBlocksParams.self, request, line)
    let blocks = params.cidrs
    return try close(
      .exclude(blocks, note: params.note), .range(excluding: blocks), request
    ) { revision in
      request.reply.write(result(blocks, request.head.method, revision: revision))
    }
  }

  func includeBlocks(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) -> LineOutcome {
    let blocks = try params(RangeBlocksParams.self, request, line).cidrs
    return try decide(request, .range(excluding: blocks)) { batch throws(Refusal) in
      try engine.changeRanges(
        .include(blocks), actor: request.caller.actor, into: &batch, waiter: mailbox)
    } answer: { revision in
      request.reply.write(result(blocks, request.head.method, revision: revision))
    }
  }

  /// Closes addresses at once, and records it when every loop has handed over what it had gathered
  /// by then.
  private func close(
    _ wanted: RangeClosingRequest, _ kind: PendingAnswer.Kind, _ request: Request,
    answer: (UInt64) -> Void
  ) throws(ErrorReply) -> LineOutcome {
    do throws(Refusal) {
      switch try engine.closeRanges(wanted, actor: request.caller.actor, waiter: mailbox) {
      case .answered(let revision): answer(revision)
      case .closed(let closing):
        request.reply.postpone()
        let started = turnStarted
        afterAllTurns { self.record(closing, kind, request, started: started) }
      case .wait:
        if let failure = engine.failure { throw Refusal.ledger(failure) }
        return .held
      }
      return .taken
    } catch {
      throw ErrorReply(error, request.caller.access)
    }
  }

  private func record(
    _ closing: RangeClosing, _ kind: PendingAnswer.Kind, _ request: Request, started: Int64
  ) {
    turnStarted = started
    let first = batch.count
    engine.record(closing, into: &batch)
    expect(kind, request, first..<batch.count)
    // The answer was expected since the first step.
    request.reply.recall()
    turnEnded()
  }

  func write(
    changedRange object: PackedObject, _ answer: borrowing PendingAnswer, _ blocks: [CIDR]?,
    revision: UInt64
  ) {
    if let blocks {
      return answer.reply.write(result(blocks, answer.method, revision: revision))
    }
    guard case .range(let range) = RangeRecord(object) else { return }
    let status =
      engine.range(named: range.name)?.range
      ?? RangeStatus(removed: range, engine.configuration)
    answer.reply.write(
      RangeChangeResult(items: [RangeItem(status, revision: nil)], held: nil, revision: revision))
  }

  private func result(_ blocks: [CIDR], _ method: Method, revision: UInt64) -> RangeChangeResult {
    let owners =
      method == .rangeExclude ? engine.owners(in: blocks, atMost: Self.mostOwners) : nil
    return RangeChangeResult(
      items: engine.ranges(touching: blocks).prefix(Self.mostOwners)
        .map { RangeItem($0, revision: nil) },
      held: owners?.map { OwnerReference($0) }, revision: revision)
  }
}

extension RangeName {
  fileprivate init(_ target: RangeGetParams.Target) {
    switch target {
    case .name(let name): self = .name(name)
    case .cidr(let cidr): self = .cidr(cidr)
    }
  }
}

extension RangePurpose {
  init(_ purpose: RangeItem.Purpose) {
    switch purpose {
    case .service: self = .service
    case .pod: self = .pod
    case .loadBalancer: self = .loadBalancer
    case .pool: self = .pool
    }
  }
}

extension RangeItem.Purpose {
  init(_ purpose: RangePurpose) {
    switch purpose {
    case .service: self = .service
    case .pod: self = .pod
    case .loadBalancer: self = .loadBalancer
    case .pool: self = .pool
    }
  }
}

extension RangeRecordItem {
  init(_ record: RangeRecord) {
    switch record {
    case .range(let range):
      self = .range(
        name: range.name, purpose: RangeItem.Purpose(range.purpose), cidr: range.cidr,
        state: range.isDraining ? .draining : .active)
    case .exclusions(let exclusions, _):
      self = .exclusions(exclusions.map { Exclusion(cidr: $0.cidr, note: $0.note) })
    }
  }
}
