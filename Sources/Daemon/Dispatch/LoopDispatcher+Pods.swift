import AddressBitmap
import Addressing
import Allocation
import LineProtocol
import Transport

extension LoopDispatcher {
  func reservePod(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) -> LineOutcome {
    let params = try params(PodReserveParams.self, request, line)
    let keepsToNode = request.caller.access.node != nil
    if keepsToNode {
      // An explanation of what is refused here looks at the draft.
      work.draft.fill(params, line)
      try request.caller.check(node: work.draft.node.array, for: .podReserve)
    }
    let caller = request.caller
    return try decide(request, .podReserve) { work throws(Refusal) in
      work.draft.fill(params, line)
      work.draft.keepsToNode = keepsToNode
      return try engine.reservePod(
        work.draft, actor: caller.actor, into: &work.batch, waiter: mailbox)
    } answer: {
      write($0, request.reply)
    }
  }

  func write(_ pod: PodAnswer, _ reply: Reply) {
    guard let first = pod.addresses.first else {
      preconditionFailure("a pod has an address of one family at least")
    }
    let result = PodReserveResult(
      first: address(first.address, pod.source),
      second: pod.addresses.second.map { address($0.address, pod.source) },
      existing: pod.isExisting, revision: pod.revision)
    let name = pod.node ?? pod.source.name
    reply.write { writer, id in result.appendAnswer(to: &writer, id: id, node: name.span) }
  }

  private func address(_ ip: IPAddress, _ source: NodeRuntime) -> PodAddress {
    guard let link = source.link(ip.family) else {
      preconditionFailure("a pod's address lies in a block of its node, or in its pool")
    }
    return PodAddress(ip: ip, prefixLength: link.prefixLength, gateway: link.gateway)
  }

  func releasePod(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) -> LineOutcome {
    let params = try params(PodReleaseParams.self, request, line)
    let target: PodTarget
    switch params.target {
    case .owner(let owner):
      work.draft.fill(owner, line)
      target = .owner(key: work.draft.key.array, nameRange: work.draft.nameRange)
    case .address(let address): target = .address(address)
    case .container(let node, let containerID):
      try request.caller.check(node: bytes(node, line), for: .podRelease)
      target = .container(node: bytes(node, line), containerID: bytes(containerID, line))
    case .everything(let namespace, let name):
      target = .everything(namespace: bytes(namespace, line), name: bytes(name, line))
    }
    return try decide(request, .podRelease) { batch throws(Refusal) in
      try engine.releasePods(
        target, ifRevision: params.ifRevision, scope: request.caller.access.scope,
        actor: request.caller.actor, into: &batch, waiter: mailbox)
    } answer: { newest in
      releasedNothing(request, newest: newest) {
        request.reply.write(ReleaseResult(released: [], revision: $0))
      }
    }
  }

  func write(
    released batch: borrowing ChangeBatch, _ answer: borrowing PendingAnswer, revision: UInt64
  ) {
    if answer.end - answer.first == 1 {
      let held = PodObject(batch.changes[answer.first].object).addresses
      let result = PodReleaseResult(released: pair(held), revision: revision)
      return answer.reply.write(result)
    }
    var released: [IPAddress] = []
    for position in answer.first..<answer.end {
      released += PodObject(batch.changes[position].object).addresses.array.map(\.address)
    }
    answer.reply.write(ReleaseResult(released: released, revision: revision))
  }

  func getPod(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) -> LineOutcome {
    let params = try params(PodGetParams.self, request, line)
    let found: VisibleObject?
    let cause: Cause
    switch params.target {
    case .owner(let owner):
      work.draft.fill(owner, line)
      let key = work.draft.key.array
      let nameRange = work.draft.nameRange
      if mustWait(request, engine.isInFlight(.pod, key: key, nameRange: nameRange)) {
        return .held
      }
      found = engine.get(.pod, key: key, nameRange: nameRange)
      cause = Cause("name", .invalid, "nothing is reserved for this pod under these members")
    case .address(let address):
      if mustWait(request, engine.isInFlight(address)) { return .held }
      found = engine.pod(holding: address)
      cause = Cause("ip", .invalid, "no pod holds \(address)")
    }
    guard let found else { throw .notFound(cause.message, causes: [cause]) }
    request.reply.write(item(found))
    return .taken
  }

  func listPods(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) {
    let params = try params(PodListParams.self, request, line)
    let filter = PodFilter(params, hasPools: !engine.pools.isEmpty)
    let page = engine.list(
      .pod, prefix: filter.prefix, after: try PageToken.key(params.page),
      limit: params.page.limit, where: filter.matches)
    request.reply.write(
      ItemPage(
        items: page.objects.map { item($0) }, continue: page.next.map { PageToken.text($0) },
        revision: page.revision))
  }

  func item(_ found: VisibleObject) -> PodItem {
    let pod = PodObject(found.object)
    let key = found.object.keyMembers
    return PodItem(
      node: pod.node, namespace: key[1], name: key[2], uid: pod.uid, containerID: pod.containerID,
      interface: key[4], network: key[0], podIPs: pair(pod.addresses),
      labels: Dictionary(pod.labels.map { ($0.key, $0.value) }) { first, _ in first },
      reservedAt: found.reservedAt, expiresAt: pod.lease?.expiresAt, revision: found.generation)
  }

  private func pair(_ addresses: FamilyPair<PodObject.Address>) -> IPPair {
    guard let first = addresses.first else { return IPPair() }
    return IPPair(first.address, addresses.second?.address)
  }

  func bytes(_ text: JSONText, _ line: Span<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    text.append(to: &bytes, from: line)
    return bytes
  }
}

/// The filters of `pod.list`.
struct PodFilter {
  /// What the keys of all that pass start with.
  let prefix: [UInt8]
  private let node: [UInt8]?
  private let namespace: [UInt8]?
  private let labels: [String: String]

  init(_ params: PodListParams, hasPools: Bool) {
    // Keys begin with the network: without one, and with several, all are looked at.
    let network = params.network ?? (hasPools ? nil : "default")
    let namespace = params.namespace.map { Array($0.utf8) + [0] }
    prefix = network.map { Array($0.utf8) + [0] + (namespace ?? []) } ?? []
    self.namespace = network == nil ? namespace : nil
    node = params.node.map { Array($0.utf8) }
    labels = params.labels
  }

  func matches(_ object: PackedObject) -> Bool {
    let pod = PodObject(object)
    if let node, !pod.isOn(node.span) { return false }
    if let namespace {
      let rest = object.bytes[object.keyRange].drop { $0 != 0 }.dropFirst()
      guard rest.starts(with: namespace) else { return false }
    }
    guard !labels.isEmpty else { return true }
    let found = Dictionary(pod.labels.map { ($0.key, $0.value) }) { first, _ in first }
    return labels.allSatisfy { found[$0.key] == $0.value }
  }
}
