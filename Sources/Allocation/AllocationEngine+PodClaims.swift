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

  /// What is kept for the owner is about to change.
  case inFlight
}

extension AllocationEngine {
  /// One address of every family wanted, or none: a claim that is not returned is given back.
  ///
  /// Static addresses come first in family order, then automatic ones (contract §2).
  ///
  /// - Parameter kept: what is kept for the owner, which it gets before anything else that is
  /// automatic.
  func claim(
    _ draft: borrowing PodDraft, _ node: NodeRuntime, _ kept: KeptPod?, _ batch: inout ChangeBatch
  ) throws(PodClaimFailure) -> PodClaims {
    let families = draft.families.isEmpty ? node.families : draft.families
    let now = now()
    var claims =
      draft.addresses.isEmpty
      ? ClaimPair() : try claimStatic(draft, node, families, now, kept, &batch)
    if claims.firstAddress == nil {
      claims.first = try claimAutomatic(families[0], node, now, kept, &batch)
    }
    if families.count > 1, claims.secondAddress == nil {
      claims.second = try claimAutomatic(families[1], node, now, kept, &batch)
    }
    return PodClaims(claims: claims, addresses: claims.podAddresses(of: draft))
  }

  private func claimStatic(
    _ draft: borrowing PodDraft, _ node: NodeRuntime, _ families: FamilyPair<IPFamily>,
    _ now: Int64, _ kept: KeptPod?, _ batch: inout ChangeBatch
  ) throws(PodClaimFailure) -> ClaimPair {
    var claims = ClaimPair()
    for index in 0..<families.count {
      guard let address = draft.addresses.of(families[index]),
        let range = node.range(address.family)
      else { continue }
      let field = "ips[\(draft.addresses[0] == address ? 0 : 1)]"
      let claim: Claim
      if let kept, kept.has(address), range.cidr.contains(address) {
        claim = Claim(passedOn: address)
      } else if !isQuarantineStrict, range.handsOut(address),
        let freed = batch.takeOver(address, in: range.cidr)
      {
        claim = freed
      } else {
        claim = try self.claim(address, field, range, now)
      }
      if index == 0 { claims.first = consume claim } else { claims.second = consume claim }
    }
    return claims
  }

  private func claim(
    _ address: IPAddress, _ field: String, _ range: AddressRange, _ now: Int64
  ) throws(PodClaimFailure) -> Claim {
    switch range.claim(address, now: now) {
    case .claimed(let claim): return claim
    case .closed: throw .closed
    case .taken: throw .taken(address, field: field)
    case .never:
      throw .refused(
        .outOfRange(
          address, field: field,
          message: "\(address) is the network, broadcast or gateway address of \(range.cidr)",
          ranges: [range.cidr]))
    case .draining: throw .refused(.notHandedOut(address, field: field, range))
    case .excluded: throw .refused(.notHandedOut(address, field: field, range))
    case .outside:
      throw .refused(
        .outOfRange(
          address, field: field, message: "\(address) is not in \(range.cidr)",
          ranges: [range.cidr]))
    }
  }

  private func claimAutomatic(
    _ family: IPFamily, _ node: NodeRuntime, _ now: Int64, _ kept: KeptPod?,
    _ batch: inout ChangeBatch
  ) throws(PodClaimFailure) -> Claim {
    guard let range = node.range(family) else {
      preconditionFailure("families were held against the node before")
    }
    if let address = kept?.address(in: range) { return Claim(passedOn: address) }
    let freed = isQuarantineStrict ? [] : batch.freedAddresses(in: range)
    if let claim = range.claimAutomatic(now: now, passedOn: freed) {
      batch.note(claim)
      return claim
    }
    if node.isClosed { throw .closed }
    throw .refused(.exhausted(exhaustion(of: range)))
  }

  func exhaustion(of range: AddressRange) -> Exhaustion {
    Exhaustion(
      range: range.cidr, capacity: range.capacity, reserved: UInt128(range.reservedCount),
      excluded: range.excludedCount, quarantined: UInt128(range.restingCount),
      isDraining: range.isDraining)
  }

  /// What a pod is told whose static address could not be taken: who holds it.
  ///
  /// If that is still on its way, the pod waits for it.
  func resolveTaken(
    _ address: IPAddress, _ field: String, _ node: NodeRuntime, _ batch: borrowing ChangeBatch,
    _ waiter: any Waiter
  ) throws(Refusal) -> Decision<PodAnswer> {
    if let owner = owner(of: address, batch) {
      throw .alreadyReserved(address, field: field, owner: owner)
    }
    if isQuarantineStrict {
      // It will rest once the transaction's own release of it is durable.
      var rests = batch.transaction?.frees(address) == true
      if case .resting = node.range(address.family)?.state(of: address, now: now()) { rests = true }
      if rests { throw .alreadyReserved(address, field: field, owner: nil) }
    }
    return wait(waiter)
  }

  /// Nothing ends a rest early; without a rest there is nothing to be strict about.
  private var isQuarantineStrict: Bool {
    configuration.isQuarantineStrict && configuration.quarantineSeconds > 0
  }
}

extension Refusal {
  /// A static address of a range that is draining, or one that is excluded.
  static func notHandedOut(
    _ address: IPAddress, field: String, _ range: AddressRange
  ) -> Refusal {
    .outOfRange(
      address, field: field,
      message: range.isDraining
        ? "\(range.cidr) is draining: nothing new is handed out from it"
        : "\(address) is excluded from \(range.cidr)",
      ranges: [range.cidr])
  }
}

extension AllocationEngine {
  /// The entry that has this address, in flight or held.
  ///
  /// While one owner's passes to another in one commit, that of the one who has it still.
  func entry(of address: IPAddress) -> (handle: ObjectHandle, entry: Entry)? {
    let entries = entries(of: address)
    return entries.first { $0.entry.phase != .reserving } ?? entries.first
  }

  func entries(of address: IPAddress) -> [(handle: ObjectHandle, entry: Entry)] {
    byAddress.candidates(hash(address)).compactMap { handle in
      guard let kind = handle.kind else { return nil }
      let found: Entry? = table(kind).withShard(handle.shard) { state in
        guard let entry = state.entry(handle.index), holds(entry.object, kind, address) else {
          return nil
        }
        return entry
      }
      return found.map { (handle, $0) }
    }
  }

  private func holds(_ object: PackedObject, _ kind: ObjectKind, _ address: IPAddress) -> Bool {
    switch kind {
    case .pod: PodObject(object).addresses.contains { $0.address == address }
    case .service: ServiceObject.addresses(object).contains(address)
    case .node, .range: false
    }
  }

  /// Who visibly holds the address, or has it by an earlier operation of the transaction.
  func owner(of address: IPAddress, _ batch: borrowing ChangeBatch) -> OwnerName? {
    for (handle, entry) in entries(of: address) {
      let isSeen = entry.isVisible || entry.isKept || batch.ownChange(of: handle) != nil
      guard isSeen, !batch.hasEnded(handle), let kind = handle.kind else { continue }
      return ownerName(entry.object, kind)
    }
    return nil
  }

  func ownerName(_ object: PackedObject, _ kind: ObjectKind) -> OwnerName {
    switch kind {
    case .pod: PodObject(object).owner
    case .service:
      .service(namespace: object.keyMembers[0], name: object.keyMembers[1])
    case .node: .node(name: object.keyMembers[0])
    case .range: .range(name: object.keyMembers[0])
    }
  }
}
