import AddressBitmap
import Addressing

/// The addresses of one pod, taken and not yet durable.
struct PodClaims: ~Copyable {
  var claims: ClaimPair
  let addresses: FamilyPair<PodObject.Address>

  mutating func takeClaims() -> ClaimPair { claims.take() }
}

/// Why a pod's addresses could not be taken.
enum PodClaimFailure: Error {
  case refused(Refusal)

  /// Somebody has, or is about to have, the static address.
  case taken(IPAddress, field: String)

  /// The node is being released.
  case closed
}

extension AllocationEngine {
  /// One address of every family wanted, or none: a claim that is not returned is given back.
  ///
  /// Static addresses come first in family order, then automatic ones (contract §2).
  func claim(_ draft: PodDraft, _ node: NodeRuntime) throws(PodClaimFailure) -> PodClaims {
    let families = draft.families.isEmpty ? node.families : draft.families
    let now = now()
    var claims = try claimStatic(draft, node, families, now)
    if claims.firstAddress == nil { claims.first = try claimAutomatic(families[0], node, now) }
    if families.count > 1, claims.secondAddress == nil {
      claims.second = try claimAutomatic(families[1], node, now)
    }
    var addresses = FamilyPair<PodObject.Address>()
    if let address = claims.firstAddress { append(address, draft, &addresses) }
    if let address = claims.secondAddress { append(address, draft, &addresses) }
    return PodClaims(claims: claims, addresses: addresses)
  }

  private func claimStatic(
    _ draft: PodDraft, _ node: NodeRuntime, _ families: FamilyPair<IPFamily>, _ now: Int64
  ) throws(PodClaimFailure) -> ClaimPair {
    var claims = ClaimPair()
    for index in 0..<families.count {
      guard let address = draft.addresses.of(families[index]),
        let range = node.range(address.family)
      else { continue }
      let field = "ips[\(draft.addresses[0] == address ? 0 : 1)]"
      switch range.claim(address, now: now) {
      case .claimed(let claim):
        if index == 0 {
          claims.first = consume claim
        } else {
          claims.second = consume claim
        }
      case .closed: throw .closed
      case .taken: throw .taken(address, field: field)
      case .never:
        throw .refused(
          .outOfRange(
            address, field: field,
            message: "\(address) is the network, broadcast or gateway address of \(range.cidr)",
            ranges: [range.cidr]))
      case .outside:
        throw .refused(
          .outOfRange(
            address, field: field, message: "\(address) is not in the node's \(range.cidr)",
            ranges: [range.cidr]))
      }
    }
    return claims
  }

  private func append(
    _ address: IPAddress, _ draft: PodDraft, _ addresses: inout FamilyPair<PodObject.Address>
  ) {
    let isStatic = draft.addresses.contains { $0 == address }
    addresses.append(PodObject.Address(address: address, isStatic: isStatic))
  }

  private func claimAutomatic(
    _ family: IPFamily, _ node: NodeRuntime, _ now: Int64
  ) throws(PodClaimFailure) -> Claim {
    guard let range = node.range(family) else {
      preconditionFailure("families were held against the node before")
    }
    if let claim = range.claimAutomatic(now: now) { return claim }
    if node.isClosed { throw .closed }
    throw .refused(.exhausted(exhaustion(of: range)))
  }

  func exhaustion(of range: AddressRange) -> Exhaustion {
    Exhaustion(
      range: range.cidr, capacity: range.capacity, reserved: UInt128(range.reservedCount),
      quarantined: UInt128(range.restingCount))
  }

  /// What a pod is told whose static address could not be taken: who holds it.
  ///
  /// If that is still on its way, the pod waits for it.
  func resolveTaken(
    _ address: IPAddress, _ field: String, _ node: NodeRuntime, _ waiter: any Waiter
  ) throws(Refusal) -> Decision<PodAnswer> {
    if let owner = owner(of: address) {
      throw .alreadyReserved(address, field: field, owner: owner)
    }
    if configuration.isQuarantineStrict,
      case .resting = node.range(address.family)?.state(of: address, now: now())
    {
      throw .alreadyReserved(address, field: field, owner: nil)
    }
    return wait(waiter)
  }
}

extension AllocationEngine {
  /// The entry that has this address, in flight or held.
  func entry(of address: IPAddress) -> (handle: ObjectHandle, entry: Entry)? {
    for handle in byAddress.candidates(hash(address)) {
      guard let kind = handle.kind else { continue }
      let found: Entry? = table(kind).withShard(handle.shard) { state in
        guard let entry = state.entry(handle.index), holds(entry.object, kind, address) else {
          return nil
        }
        return entry
      }
      if let found { return (handle, found) }
    }
    return nil
  }

  private func holds(_ object: PackedObject, _ kind: ObjectKind, _ address: IPAddress) -> Bool {
    switch kind {
    case .pod: PodObject(object).addresses.contains { $0.address == address }
    case .service: ServiceObject.addresses(object).contains(address)
    case .node: false
    }
  }

  /// Who visibly holds the address.
  func owner(of address: IPAddress) -> OwnerName? {
    guard let (handle, entry) = entry(of: address), entry.isVisible, let kind = handle.kind else {
      return nil
    }
    return ownerName(entry.object, kind)
  }

  func ownerName(_ object: PackedObject, _ kind: ObjectKind) -> OwnerName {
    switch kind {
    case .pod: PodObject(object).owner
    case .service:
      .service(namespace: object.keyMembers[0], name: object.keyMembers[1])
    case .node: .node(name: object.keyMembers[0])
    }
  }
}
