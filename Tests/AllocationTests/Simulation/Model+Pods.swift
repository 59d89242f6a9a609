import Addressing
import Allocation

/// A release as a client would send it.
enum PodRelease {
  case owner(PodRequest)
  case address(IPAddress)
  case container(node: String, containerID: String)
  case everything(namespace: String, name: String)

  var target: PodTarget {
    switch self {
    case .owner(let request): request.target
    case .address(let address): .address(address)
    case .container(let node, let containerID):
      .container(node: Array(node.utf8), containerID: Array(containerID.utf8))
    case .everything(let namespace, let name):
      .everything(namespace: Array(namespace.utf8), name: Array(name.utf8))
    }
  }

  func matches(_ subject: Subject, _ pod: ModelPod) -> Bool {
    switch self {
    case .owner(let request): return subject.key == request.key
    case .address(let address): return pod.addresses.contains { $0.address == address }
    case .container(let node, let containerID):
      return pod.node == node && pod.containerID == containerID
    case .everything(let namespace, let name):
      let members = subject.key.split(separator: "\0", omittingEmptySubsequences: false)
      return members[1] == namespace && members[2] == name
    }
  }
}

extension Model {
  mutating func reservePod(
    _ request: PodRequest, now: Int64, chosen: [IPAddress]
  ) -> ModelOutcome {
    let node = Subject(kind: .node, key: request.node)
    guard let blocks = ranges[request.node] else {
      return busy[node] == nil ? .refused(.notFound) : .wait
    }
    let families = blocks.map(\.cidr.family)
    guard request.families.allSatisfy(families.contains),
      request.ips.map(\.family).allSatisfy(families.contains)
    else { return .refused(.invalid) }
    let wanted = request.families.isEmpty ? families : request.families
    let subject = Subject(kind: .pod, key: request.key)
    if busy[subject] != nil { return .wait }
    if let entry = entries[subject], case .pod(let pod) = entry.object {
      return repeatPod(request, wanted, subject, entry, pod)
    }
    if request.ifRevision != nil { return .refused(.conflict(revision: nil)) }
    guard isWritable else { return .refused(.unavailable) }
    var claims: [ModelClaim] = []
    if let outcome = claimStatic(request, now, &claims)
      ?? claimOthers(request, wanted, now, chosen, &claims)
    {
      for claim in claims.reversed() {
        withRange(request.node, claim.address.family) { $0.giveBack(claim) }
      }
      return outcome
    }
    let addresses = wanted.compactMap { family in
      claims.first { $0.address.family == family }?.address
    }
    .map { ModelAddress(address: $0, isStatic: request.ips.contains($0)) }
    return .recorded([
      ModelChange(
        subject: subject, type: .reserved,
        object: .pod(ModelPod(request, addresses: addresses)), claims: claims)
    ])
  }

  private mutating func claimStatic(
    _ request: PodRequest, _ now: Int64, _ claims: inout [ModelClaim]
  ) -> ModelOutcome? {
    for address in request.ips {
      var found: ModelRange.Static = .outside
      withRange(request.node, address.family) { found = $0.claim(address, now) }
      switch found {
      case .claimed(let claim): claims.append(claim)
      case .closed: return .wait
      case .never, .outside: return .refused(.outOfRange(address))
      case .taken:
        if let owner = owner(of: address) { return .refused(.alreadyReserved(address, owner)) }
        let isInFlight = busy.values.contains { $0.claims.contains { $0.address == address } }
        return isInFlight ? .wait : .refused(.alreadyReserved(address, nil))
      }
    }
    return nil
  }

  private mutating func claimOthers(
    _ request: PodRequest, _ families: [IPFamily], _ now: Int64, _ chosen: [IPAddress],
    _ claims: inout [ModelClaim]
  ) -> ModelOutcome? {
    for family in families where !claims.contains(where: { $0.address.family == family }) {
      var claim: ModelClaim?
      var range: CIDR?
      var isClosed = false
      withRange(request.node, family) { block in
        claim = block.claimAutomatic(now, chosen: chosen)
        range = block.cidr
        isClosed = block.isClosed
      }
      guard let claim else {
        return isClosed ? .wait : range.map { .refused(.exhausted($0)) } ?? .wait
      }
      claims.append(claim)
    }
    return nil
  }

  private func repeatPod(
    _ request: PodRequest, _ families: [IPFamily], _ subject: Subject, _ entry: ModelEntry,
    _ pod: ModelPod
  ) -> ModelOutcome {
    let conflict = ModelOutcome.refused(.conflict(revision: entry.generation))
    if let wanted = request.ifRevision, wanted != entry.generation { return conflict }
    let isSameUID = request.uid == nil || pod.uid == nil || request.uid == pod.uid
    let statics = pod.addresses.filter(\.isStatic).map(\.address)
    guard pod.node == request.node, isSameUID, pod.containerID == request.containerID,
      families == pod.addresses.map(\.address.family), Set(statics) == Set(request.ips)
    else { return conflict }
    guard let labels = request.labels, labels != pod.labels else {
      return .answered(
        ModelAnswer(object: .pod(pod), revision: entry.generation, isExisting: true))
    }
    guard isWritable else { return .refused(.unavailable) }
    var changed = pod
    changed.labels = labels
    changed.uid = request.uid ?? pod.uid
    return .recorded([
      ModelChange(
        subject: subject, type: .updated, object: .pod(changed), generation: entry.generation,
        reservedAt: entry.reservedAt)
    ])
  }

  func releasePods(_ release: PodRelease, ifRevision: UInt64?) -> ModelOutcome {
    var found = pods { _ in true }.filter { release.matches($0.0, $0.1) }.map(\.0)
    for (subject, change) in busy where change.type == .reserved {
      if case .pod(let pod) = change.object, release.matches(subject, pod) { found.append(subject) }
    }
    found.sort()
    var changes: [ModelChange] = []
    for subject in found {
      guard busy[subject] == nil, let entry = entries[subject] else { return .wait }
      if let ifRevision, ifRevision != entry.generation {
        return .refused(.conflict(revision: entry.generation))
      }
      guard isWritable else { return .refused(.unavailable) }
      changes.append(ModelChange(subject: subject, type: .released, object: entry.object))
    }
    return changes.isEmpty ? .answered(ModelAnswer(revision: revision)) : .recorded(changes)
  }
}
