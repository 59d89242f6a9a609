import AddressBitmap
import Addressing
import Policy

/// The addresses of one Service in the order of `clusterIPs`: kept ones, and claims of new ones.
struct ServiceClaims: ~Copyable {
  var claims: ClaimPair
  let addresses: [IPAddress]

  mutating func takeClaims() -> ClaimPair { claims.take() }
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
    _ plan: ServicePlan, _ batch: inout ChangeBatch, _ waiter: any Waiter
  ) throws(Refusal) -> ServiceClaimOutcome {
    var claims = ClaimPair()
    var addresses: [IPAddress?] = plan.wishes.map { _ in nil }
    for (position, wish) in plan.wishes.enumerated() {
      switch wish {
      case .keep(let address): addresses[position] = address
      case .automatic: continue
      case .fixed(let address):
        if let range = serviceRange(address.family),
          let claim = batch.takeOver(address, in: range.cidr)
        {
          claims.add(claim)
        } else {
          guard let claim = try claimFixed(address, batch, waiter) else { return .wait }
          claims.add(claim)
        }
        addresses[position] = address
      }
    }
    for (position, wish) in plan.wishes.enumerated() {
      guard case .automatic(let family) = wish, let range = serviceRange(family) else { continue }
      guard let claim = claimAutomatic(in: range, &batch) else {
        throw .exhausted(exhaustion(of: range))
      }
      addresses[position] = claim.address
      claims.add(claim)
    }
    return .claimed(ServiceClaims(claims: claims, addresses: addresses.compactMap { $0 }))
  }

  private func claimAutomatic(in range: AddressRange, _ batch: inout ChangeBatch) -> Claim? {
    if let claim = range.claimAutomatic(now: 0) { return claim }
    return batch.takeOverAny(in: range.cidr)
  }

  /// Nil: whoever has it is on the way in or out.
  private func claimFixed(
    _ address: IPAddress, _ batch: borrowing ChangeBatch, _ waiter: any Waiter
  ) throws(Refusal) -> Claim? {
    let field = "spec.clusterIPs"
    guard let range = serviceRange(address.family) else {
      throw .invalid([
        Cause(field, .invalid, "no \(address.family.name) Service range is configured")
      ])
    }
    switch range.claim(address, now: 0) {
    case .claimed(let claim): return claim
    case .closed:
      preconditionFailure("Service ranges are never closed")
    case .taken:
      if let owner = owner(of: address, batch) {
        throw .alreadyReserved(address, field: field, owner: owner)
      }
      inFlight.wait(waiter)
      return nil
    case .never:
      throw .outOfRange(
        address, field: field,
        message: "\(address) is the network or broadcast address of \(range.cidr)",
        ranges: [range.cidr])
    case .outside:
      throw .outOfRange(
        address, field: field, message: "\(address) is not in the Service range \(range.cidr)",
        ranges: [range.cidr])
    }
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
      guard let index = find(.service, key, keyHash, shard, in: state, batch) else {
        return .answered(0)
      }
      let handle = ObjectHandle(kind: .service, shard: shard, index: index)
      guard case .held(let entry) = batch.view(state[index], at: handle) else { return .wait }
      if let ifRevision, ifRevision != entry.generation {
        throw .conflict(
          message: "ifRevision is \(ifRevision), but the Service is \(entry.generation)",
          revision: entry.generation, owner: .service(namespace: namespace, name: name))
      }
      try admit()
      let former = mark(index, in: &state)
      var object = ServiceObject(entry.object)
      object.origin = entry.origin
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
