import Addressing
import Allocation
import LineProtocol
import SQLiteLedger
import Transport

extension LoopDispatcher {
  func readHistory(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) {
    let params = try params(IPHistoryParams.self, request, line)
    let newest = engine.revision
    try read(for: .answer(request.reply, request.head.method)) {
      reader throws(LedgerFailure) in
      // At one moment: between two looks records may be derived, and removed.
      let records = try reader.snapshot { _ throws(LedgerFailure) in
        try reader.history(of: params.ip, through: newest, atMost: params.limit)
      }
      let items = records.map { record in
        let isGivenUp = record.type == .updated && !record.holds(params.ip)
        return IPHistoryResult.Item(
          revision: record.revision, time: record.time,
          type: isGivenUp ? RecordType.released.name : record.type.name,
          owner: OwnerReference(record.owner), actor: record.actor)
      }
      return .result(IPHistoryResult(items: items, revision: newest))
    }
    request.reply.postpone()
  }

  /// Who held an address then; what nobody held is what its range says of it today.
  func getIP(
    _ ip: IPAddress, at moment: IPGetParams.Moment, _ request: Request
  ) throws(ErrorReply) {
    let newest = engine.revision
    try check(moment, newest)
    let today = state(of: ip)
    let quarantine = Int64(engine.configuration.quarantineSeconds) * 1000
    try read(for: .answer(request.reply, request.head.method)) {
      reader throws(LedgerFailure) in
      try reader.snapshot { oldest throws(LedgerFailure) in
        let revision: UInt64
        let time: Int64
        switch moment {
        case .revision(let wanted):
          guard wanted + 1 >= oldest else { return .error(.compacted(oldest: oldest)) }
          revision = wanted
          time = try reader.time(of: wanted)
        case .time(let wanted):
          guard let found = try reader.revision(at: wanted, newest: newest) else {
            return .error(.compacted(oldest: oldest))
          }
          revision = found
          time = wanted
        }
        var last = try reader.history(of: ip, through: revision, atMost: 1).first
        if last == nil, oldest > 1 {
          last = try reader.lastBeforeOldest(of: ip, since: time - quarantine)
        }
        let since = try last.map { last throws(LedgerFailure) in try reader.heldSince(ip, last) }
        return .result(
          Self.state(
            of: ip, after: last, since: since, at: time, revision, quarantine, today: today))
      }
    }
    request.reply.postpone()
  }

  /// The answer for an address that a Service has: since when, the ledger knows, for an update may
  /// have added it.
  func getServiceIP(_ state: IPStateResult, _ request: Request) throws(ErrorReply) {
    try read(for: .answer(request.reply, request.head.method)) {
      reader throws(LedgerFailure) in
      try reader.snapshot { _ throws(LedgerFailure) in
        var state = state
        let last = try reader.history(of: state.ip, through: state.revision, atMost: 1).first
        if let last, last.holds(state.ip) { state.since = try reader.heldSince(state.ip, last) }
        return .result(state)
      }
    }
    request.reply.postpone()
  }

  private func check(_ moment: IPGetParams.Moment, _ newest: UInt64) throws(ErrorReply) {
    switch moment {
    case .revision(let revision):
      guard revision > newest else { return }
      throw .invalidParams([
        Cause("at", .invalid, "at is \(revision), and the ledger's newest revision \(newest)")
      ])
    case .time(let time):
      guard time > engine.clock.wallMilliseconds() else { return }
      throw .invalidParams([Cause("at", .invalid, "at is in the future: name a time that was")])
    }
  }

  private static func state(
    of ip: IPAddress, after last: LedgerRecord?, since: Int64?, at time: Int64,
    _ revision: UInt64, _ quarantine: Int64, today: IPStateResult
  ) -> IPStateResult {
    var result = IPStateResult(ip: ip, state: today.state, range: today.range, revision: revision)
    if result.state == .reserved || result.state == .quarantined { result.state = .free }
    guard let last else { return result }
    let isKept = last.kind == .pod && PodObject(last.object).isKept
    if last.holds(ip) || isKept {
      result.state = .reserved
      result.owner = OwnerReference(last.owner)
      result.since = since
      result.isKept = isKept
    } else if last.kind == .pod, today.range != nil, time - last.time < quarantine {
      result.state = .quarantined
      result.since = last.time
    }
    return result
  }
}
