import AddressBitmap
import Addressing
import Allocation
import LineProtocol

extension LoopDispatcher {
  func listRanges(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) {
    let params = try params(PageParams.self, request, line)
    let (all, revision) = engine.allRanges()
    let last = try PageToken.key(params.page).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let ranges = all.filter { $0.name > last }.sorted { $0.name < $1.name }
    let page = ranges.prefix(params.page.limit)
    let isLast = page.count == ranges.count
    request.reply.write(
      ItemPage(
        items: page.map { RangeItem($0, revision: nil) },
        continue: isLast ? nil : page.last.map { PageToken.text(Array($0.name.utf8)) },
        revision: revision))
  }

  func getRange(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) {
    let params = try params(RangeGetParams.self, request, line)
    let cause: Cause
    switch params.target {
    case .name(let name):
      if let (range, revision) = engine.range(named: name) {
        return request.reply.write(RangeItem(range, revision: revision))
      }
      cause = Cause("name", .invalid, "there is no range \(name)")
    case .cidr(let cidr):
      if let (range, revision) = engine.range(of: cidr) {
        return request.reply.write(RangeItem(range, revision: revision))
      }
      cause = Cause("cidr", .invalid, "\(cidr) is neither a range nor a node's pod CIDR")
    }
    throw .notFound(cause.message, causes: [cause])
  }

  func getIP(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) {
    let params = try params(IPGetParams.self, request, line)
    if let moment = params.at { return try getIP(params.ip, at: moment, request) }
    let state = state(of: params.ip)
    if case .service = state.owner { return try getServiceIP(state, request) }
    request.reply.write(state)
  }

  func state(of ip: IPAddress) -> IPStateResult {
    let (standing, revision) = engine.standing(of: ip)
    var result = IPStateResult(ip: ip, state: .outOfRange, revision: revision)
    switch standing {
    case .outOfRange: break
    case .free(let range):
      result.state = .free
      result.range = range
    case .never(let range):
      result.state = .never
      result.range = range
    case .excluded(let range):
      result.state = .excluded
      result.range = range
    case .quarantined(let range, let since):
      result.state = .quarantined
      result.range = range
      result.since = since
    case .reserved(let owner, let range, let since, let isKept):
      result.state = .reserved
      result.owner = OwnerReference(owner)
      result.isKept = isKept
      result.range = range
      result.since = since
    }
    return result
  }
}
