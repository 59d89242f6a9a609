import Addressing
import Allocation

/// An address taken in the model, with what undoes it.
struct ModelClaim {
  let address: IPAddress
  let restingSince: Int64?
  var formerCursor: UInt128?
}

/// A node's block as the contract describes it: sets and numbers.
struct ModelRange {
  enum Static {
    case claimed(ModelClaim)
    case taken
    case never
    case outside
    case closed
  }

  let cidr: CIDR
  let usable: ClosedRange<UInt128>?
  let rest: Int64
  let isStrict: Bool
  var cursor: UInt128 = 0
  var held: Set<UInt128> = []
  var rests: [UInt128: Int64] = [:]
  var isClosed = false

  init(_ cidr: CIDR, _ configuration: ClusterConfiguration) {
    self.cidr = cidr
    let first: UInt128 = configuration.reservesGateway ? 2 : 1
    let last = cidr.lastOffset - (cidr.family == .ipv4 ? 1 : 0)
    usable = first <= last ? first...last : nil
    rest = Int64(configuration.quarantineSeconds) * 1000
    isStrict = configuration.isQuarantineStrict
  }

  mutating func endRests(_ now: Int64) { rests = rests.filter { $0.value > now - rest } }

  /// - Parameter chosen: which of several equally old ones to take.
  mutating func claimAutomatic(_ now: Int64, chosen: [IPAddress]) -> ModelClaim? {
    endRests(now)
    guard !isClosed, let usable else { return nil }
    let following = (cursor + 1...max(cursor + 1, usable.upperBound)).filter(usable.contains)
    let leading = usable.filter { $0 <= cursor }
    let free = (following + leading).first { !held.contains($0) && rests[$0] == nil }
    if let free { return take(free) }
    guard !isStrict, let oldest = rests.values.min() else { return nil }
    let candidates = rests.filter { $0.value == oldest }.map(\.key).sorted()
    let preferred = candidates.first { chosen.contains(cidr.address(at: $0)) }
    return (preferred ?? candidates.first).flatMap { take($0) }
  }

  mutating func claim(_ address: IPAddress, _ now: Int64) -> Static {
    endRests(now)
    guard let offset = cidr.offset(of: address) else { return .outside }
    guard usable?.contains(offset) == true else { return .never }
    if isClosed { return .closed }
    if held.contains(offset) || (isStrict && rests[offset] != nil) { return .taken }
    let since = rests.removeValue(forKey: offset)
    held.insert(offset)
    return .claimed(ModelClaim(address: address, restingSince: since))
  }

  private mutating func take(_ offset: UInt128) -> ModelClaim {
    defer { cursor = offset }
    held.insert(offset)
    return ModelClaim(
      address: cidr.address(at: offset), restingSince: rests.removeValue(forKey: offset),
      formerCursor: cursor)
  }

  mutating func giveBack(_ claim: ModelClaim) {
    guard let offset = cidr.offset(of: claim.address) else { return }
    held.remove(offset)
    if let since = claim.restingSince { rests[offset] = since }
    if let former = claim.formerCursor, cursor == offset { cursor = former }
  }

  mutating func release(_ address: IPAddress, since: Int64) {
    guard let offset = cidr.offset(of: address) else { return }
    held.remove(offset)
    if rest > 0 { rests[offset] = since }
  }
}
