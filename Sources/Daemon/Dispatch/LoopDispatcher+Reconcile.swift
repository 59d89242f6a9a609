import AddressBitmap
import Allocation
import LineProtocol
import Transport

extension LoopDispatcher {
  func reconcilePods(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) -> LineOutcome {
    let params = try params(PodReconcileParams.self, request, line)
    let node = bytes(params.node, line)
    try request.caller.check(node: node, for: .podReconcile)
    let wanted = ReconcileRequest(
      node: node,
      network: params.network.map { bytes($0, line) } ?? Array("default".utf8),
      live: owners(params.live, line), olderThanSeconds: params.olderThanSeconds,
      isDryRun: params.dryRun, actor: request.caller.actor)
    return try decide(request, .podReconcile) { batch throws(Refusal) in
      try engine.reconcile(wanted, into: &batch)
    } answer: {
      request.reply.write(
        PodReconcileResult(released: $0.map { item($0) }, revision: engine.revision))
    }
  }

  func write(
    reconciled batch: borrowing ChangeBatch, _ answer: borrowing PendingAnswer, revision: UInt64
  ) {
    let released = ended(by: batch, answer.first..<answer.end)
    answer.reply.write(PodReconcileResult(released: released, revision: revision))
  }

  /// The pods that changes of a durable batch have ended, as they were.
  func ended(by batch: borrowing ChangeBatch, _ positions: Range<Int>) -> [PodItem] {
    guard case .durable(let first, let time) = batch.outcome else { return [] }
    var items: [PodItem] = []
    for position in positions {
      let revision = first + UInt64(position)
      if let pod = VisibleObject(
        endedBy: batch.changes[position], revision: revision, time: time)
      {
        items.append(item(pod))
      }
    }
    return items
  }

  /// An owner that is named with a restriction and without one is live without it.
  private func owners(
    _ live: [PodReconcileParams.LiveOwner], _ line: Span<UInt8>
  ) -> LiveOwners {
    guard let first = live.first else { return .none }
    var owners: [[UInt8]: Set<[UInt8]>?] = [:]
    for owner in live {
      let key: [UInt8]
      let restriction: JSONText?
      switch owner {
      case .container(let containerID, let interface):
        key = bytes(containerID, line)
        restriction = interface
      case .pod(let namespace, let name, let uid):
        key = bytes(namespace, line) + [0] + bytes(name, line)
        restriction = uid
      }
      guard let restriction else {
        owners[key] = .some(nil)
        continue
      }
      if let known = owners[key] {
        if let known { owners[key] = known.union([bytes(restriction, line)]) }
      } else {
        owners[key] = [bytes(restriction, line)]
      }
    }
    if case .container = first { return .containers(owners) }
    return .names(owners)
  }

  func forgetPod(_ request: Request, _ line: Span<UInt8>) throws(ErrorReply) -> LineOutcome {
    let params = try params(PodForgetParams.self, request, line)
    return try decide(request, .podRelease) { batch throws(Refusal) in
      try engine.forgetPod(
        network: Array((params.network ?? "default").utf8),
        namespace: Array(params.namespace.utf8), name: Array(params.name.utf8),
        scope: request.caller.access.scope, actor: request.caller.actor, into: &batch,
        waiter: mailbox)
    } answer: {
      request.reply.write(ReleaseResult(released: [], revision: $0))
    }
  }
}
