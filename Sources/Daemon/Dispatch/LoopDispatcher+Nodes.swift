import AddressBitmap
import Addressing
import Allocation
import LineProtocol
import Policy
import Transport

extension LoopDispatcher {
  func registerNode(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) -> LineOutcome {
    let params = try params(NodeRegisterParams.self, request, line)
    let causes = NodePolicy.causes(
      podCIDRs: params.podCIDRs, nodeIPs: params.nodeIPs ?? [],
      isWindows: params.os == .windows, isOverlay: params.networkMode == .overlay,
      clusterFamilies: engine.clusterFamilies)
    guard causes.isEmpty else { throw .invalidParams(causes) }
    let wanted = NodeRequest(
      name: params.name, nodeIPs: params.nodeIPs, podCIDRs: params.podCIDRs,
      os: params.os.rawValue, networkMode: params.networkMode?.rawValue,
      actor: request.caller.actor)
    return try decide(request, .nodeRegister) { batch throws(Refusal) in
      try engine.registerNode(wanted, into: &batch, waiter: mailbox)
    } answer: {
      request.reply.write(result($0))
    }
  }

  func result(_ node: NodeAnswer) -> NodeRegisterResult {
    NodeRegisterResult(
      node: NodeFields(node.node), existing: node.isExisting, revision: node.revision)
  }

  func releaseNode(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) -> LineOutcome {
    let params = try params(NodeReleaseParams.self, request, line)
    return try decide(request, .nodeRelease(isForced: params.force)) { batch throws(Refusal) in
      try engine.releaseNode(
        name: params.name, force: params.force, ifRevision: params.ifRevision,
        actor: request.caller.actor, into: &batch, waiter: mailbox)
    } answer: { newest in
      releasedNothing(request, newest: newest) {
        request.reply.write(
          NodeReleaseResult(released: [], releasedPods: params.force ? [] : nil, revision: $0))
      }
    }
  }

  func write(
    releasedNode batch: borrowing ChangeBatch, _ answer: borrowing PendingAnswer, isForced: Bool,
    revision: UInt64
  ) {
    let node = NodeObject(batch.changes[answer.end - 1].object)
    let pods = ended(by: batch, answer.first..<(answer.end - 1))
    answer.reply.write(
      NodeReleaseResult(
        released: node.podCIDRs, releasedPods: isForced ? pods : nil, revision: revision))
  }

  func getNode(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) -> LineOutcome {
    let params = try params(NodeGetParams.self, request, line)
    let key = Array(params.name.utf8)
    if mustWait(request, engine.isInFlight(.node, key: key)) { return .held }
    guard let found = engine.get(.node, key: key) else {
      let cause = Cause("name", .invalid, "no node \(params.name) is registered")
      throw .notFound(cause.message, causes: [cause])
    }
    request.reply.write(nodeItem(found))
    return .taken
  }

  func listNodes(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) {
    let params = try params(PageParams.self, request, line)
    let page = engine.list(
      .node, after: try PageToken.key(params.page), limit: params.page.limit)
    request.reply.write(
      ItemPage(
        items: page.objects.map { nodeItem($0) }, continue: page.next.map { PageToken.text($0) },
        revision: page.revision))
  }

  private func nodeItem(_ found: VisibleObject) -> NodeItem {
    NodeItem(
      node: NodeFields(NodeObject(found.object)), reservedAt: found.reservedAt,
      revision: found.generation)
  }
}

extension NodeFields {
  init(_ node: NodeObject) {
    self.init(
      name: node.name, podCIDRs: node.podCIDRs, nodeIPs: node.nodeIPs,
      os: node.os.flatMap { NodeRegisterParams.OperatingSystem(rawValue: $0) } ?? .linux,
      networkMode: node.networkMode.flatMap { NodeRegisterParams.NetworkMode(rawValue: $0) })
  }
}
