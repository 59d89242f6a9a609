import AddressBitmap
import Addressing
import Policy

/// The addresses of one Service, kept ones and claims of new ones: its cluster IPs in the order of
/// `clusterIPs`, and its ingress addresses.
struct ServiceClaims: ~Copyable {
  var claims: ClaimPair
  let addresses: [IPAddress]
  let ingress: GrantedIngress

  mutating func takeClaims() -> ClaimPair { claims.take() }
}

/// The ingress addresses of a Service of type LoadBalancer.
struct GrantedIngress: Sendable {
  let addresses: [IPAddress]

  /// The claims of those that are new; nil: none is.
  let claims: IngressClaims?

  static let none = GrantedIngress(addresses: [], claims: nil)
}

/// Claims that a change carries besides those of cluster IPs.
///
/// An object, so that all other changes pay for a reference only.
final class IngressClaims: Sendable {
  private let claims: Locked<ClaimPair>
  let addresses: [IPAddress]

  init(_ claims: consuming sending ClaimPair) {
    addresses = claims.addresses
    self.claims = Locked(claims)
  }

  func take() -> ClaimPair { claims.withLock { $0.take() } }
}

/// What became of a plan's wishes.
enum ServiceClaimOutcome: ~Copyable {
  case claimed(ServiceClaims)
  /// Something that one of them depends on is on its way.
  case wait
}

extension AllocationEngine {
  /// Everything that the plan wishes, or nothing: static addresses first, then automatic ones.
  func claim(
    _ plan: ServicePlan, ingress: [AddressWish], _ batch: inout ChangeBatch,
    _ waiter: any Waiter
  ) throws(Refusal) -> ServiceClaimOutcome {
    let services = book.services
    var addresses: [IPAddress?] = plan.wishes.map { _ in nil }
    var claims = ClaimPair()
    guard
      try claimNamed(plan.wishes, services, .clusterIPs, &claims, &addresses, &batch, waiter)
    else { return .wait }
    guard !ingress.isEmpty else {
      try claimOthers(plan.wishes, services, .clusterIPs, &claims, &addresses, &batch)
      return .claimed(
        ServiceClaims(claims: claims, addresses: addresses.compactMap { $0 }, ingress: .none))
    }
    let outside = book.loadBalancers
    var ingressAddresses: [IPAddress?] = ingress.map { _ in nil }
    var ingressClaims = ClaimPair()
    guard
      try claimNamed(
        ingress, outside, .loadBalancerIP, &ingressClaims, &ingressAddresses, &batch, waiter)
    else { return .wait }
    try claimOthers(plan.wishes, services, .clusterIPs, &claims, &addresses, &batch)
    try claimOthers(
      ingress, outside, .loadBalancerIP, &ingressClaims, &ingressAddresses, &batch)
    let granted = GrantedIngress(
      addresses: ingressAddresses.compactMap { $0 },
      claims: ingressClaims.firstAddress == nil ? nil : IngressClaims(ingressClaims))
    return .claimed(
      ServiceClaims(claims: claims, addresses: addresses.compactMap { $0 }, ingress: granted))
  }

  /// The addresses that are kept, and those that are named; false: one of these is on its way.
  private func claimNamed(
    _ wishes: [AddressWish], _ ranges: [AddressRange], _ field: FixedField,
    _ claims: inout ClaimPair, _ addresses: inout [IPAddress?], _ batch: inout ChangeBatch,
    _ waiter: any Waiter
  ) throws(Refusal) -> Bool {
    for (position, wish) in wishes.enumerated() {
      switch wish {
      case .automatic: continue
      case .keep(let address): addresses[position] = address
      case .fixed(let address):
        guard let claim = try claimFixed(address, ranges, field, &batch, waiter) else {
          return false
        }
        claims.add(claim)
        addresses[position] = address
      }
    }
    return true
  }

  private func claimOthers(
    _ wishes: [AddressWish], _ ranges: [AddressRange], _ field: FixedField,
    _ claims: inout ClaimPair, _ addresses: inout [IPAddress?], _ batch: inout ChangeBatch
  ) throws(Refusal) {
    for (position, wish) in wishes.enumerated() {
      guard case .automatic(let family) = wish else { continue }
      let claim = try claimAutomatic(family, in: ranges, field, &batch)
      addresses[position] = claim.address
      claims.add(claim)
    }
  }

  /// An address of the first range of the family that has one.
  private func claimAutomatic(
    _ family: IPFamily, in ranges: [AddressRange], _ field: FixedField,
    _ batch: inout ChangeBatch
  ) throws(Refusal) -> Claim {
    let ranges = ranges.filter { $0.cidr.family == family }
    guard let first = ranges.first else { throw missing(family, field) }
    let now = now()
    for range in ranges {
      let freed = batch.freedAddresses(in: range)
      if let claim = range.claimAutomatic(now: now, passedOn: freed) {
        batch.note(claim)
        return claim
      }
    }
    throw .exhausted(exhaustion(of: ranges.first { !$0.isDraining } ?? first))
  }

  /// There is no range of the family, or not any more.
  private func missing(_ family: IPFamily, _ field: FixedField) -> Refusal {
    .invalid([
      Cause(field.rawValue, .invalid, "no \(family.name) \(field.rangeName) is configured")
    ])
  }

  /// What asks for one address.
  private enum FixedField: String {
    case clusterIPs = "spec.clusterIPs"
    case loadBalancerIP = "spec.loadBalancerIP"

    var rangeName: String { self == .clusterIPs ? "Service range" : "LoadBalancer range" }
  }

  /// Nil: whoever has it is on the way in or out.
  private func claimFixed(
    _ address: IPAddress, _ ranges: [AddressRange], _ field: FixedField,
    _ batch: inout ChangeBatch, _ waiter: any Waiter
  ) throws(Refusal) -> Claim? {
    let ranges = ranges.filter { $0.cidr.family == address.family }
    guard !ranges.isEmpty else {
      throw missing(address.family, field)
    }
    guard let range = ranges.first(where: { $0.cidr.contains(address) }) else {
      let names = ranges.map { "\($0.cidr)" }.joined(separator: " or ")
      throw .outOfRange(
        address, field: field.rawValue,
        message: "\(address) is not in the \(field.rangeName) \(names)",
        ranges: ranges.map(\.cidr))
    }
    if range.handsOut(address), let claim = batch.takeOver(address, in: range.cidr) {
      return claim
    }
    switch range.claim(address, now: now()) {
    case .claimed(let claim): return claim
    case .closed: return try awaitOwner(of: address, field, batch, waiter)
    case .taken: return try awaitOwner(of: address, field, batch, waiter)
    case .draining: throw .notHandedOut(address, field: field.rawValue, range)
    case .excluded: throw .notHandedOut(address, field: field.rawValue, range)
    case .never: break
    case .outside: break
    }
    throw .outOfRange(
      address, field: field.rawValue,
      message: "\(address) is the network or broadcast address of \(range.cidr)",
      ranges: [range.cidr])
  }

  /// Throws who holds the address; nil: that is on its way.
  private func awaitOwner(
    of address: IPAddress, _ field: FixedField, _ batch: borrowing ChangeBatch,
    _ waiter: any Waiter
  ) throws(Refusal) -> Claim? {
    if let owner = owner(of: address, batch) {
      throw .alreadyReserved(address, field: field.rawValue, owner: owner)
    }
    inFlight.wait(waiter)
    return nil
  }
}

extension AllocationEngine {
  /// Releases a Service; `.answered` with nothing released when there is none.
  package func releaseService(
    namespace: String, name: String, ifRevision: UInt64?, actor: String,
    into batch: inout ChangeBatch, waiter: any Waiter
  ) throws(Refusal) -> Decision<UInt64> {
    let key = ServiceObject.key(namespace: namespace, name: name)
    let keyHash = hash(key.span)
    let shard = services.shard(of: keyHash)
    let decision = try services.withShard(shard) {
      (state: inout ObjectShard) throws(Refusal) -> Decision<UInt64> in
      guard let index = find(.service, key.span, keyHash, shard, in: state, batch) else {
        return .answered(0)
      }
      let handle = ObjectHandle(kind: .service, shard: shard, index: index)
      guard case .held(let entry) = batch.view(state[index], at: handle) else { return .wait }
      if let ifRevision, ifRevision != batch.fence(of: entry, at: handle) {
        let fence = batch.fenceText(of: entry, at: handle)
        throw .conflict(
          message: "ifRevision is \(ifRevision), but the Service is \(fence)",
          revision: entry.fence, owner: .service(namespace: namespace, name: name))
      }
      try admit()
      let former = mark(index, in: &state)
      var object = ServiceObject(entry.object)
      object.origin = batch.origin(of: entry, at: handle)
      batch.append(
        Change(
          kind: .service, type: .released, object: object.packed(), actor: actor, handle: handle,
          formerPhase: former.phase))
      return .recorded
    }
    switch decision {
    case .answered: return .answered(revision)
    case .recorded, .repeats: return .recorded
    case .wait: return wait(waiter)
    }
  }
}
