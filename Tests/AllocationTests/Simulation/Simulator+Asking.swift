import AddressBitmap
import Addressing
import Allocation

extension Simulator {
  /// What the engine made of a request.
  private enum Seen {
    case answered(ModelAnswer)
    case recorded
    case wait
    case refused(ModelRefusal)
  }

  /// Puts a request to the engine, then to the model, and compares.
  func ask(_ request: SimulatedRequest, _ loop: SimulatedLoop) throws {
    let first = loop.batch.count
    let seen = decide(request, loop)
    var changes: [SeenChange] = []
    for position in first..<loop.batch.count {
      changes.append(SeenChange(loop.batch, at: position))
    }
    let chosen = (changes.first?.object ?? answered(seen)).map(Model.addresses) ?? []
    let outcome = expected(request, chosen)
    trace.append("\(request) -> \(seen)")
    switch (seen, outcome) {
    case (.answered(let seen), .answered(let expected)) where seen == expected: break
    case (.wait, .wait): loop.waiting.append(request)
    case (.refused(let seen), .refused(let expected)) where seen == expected: break
    case (.recorded, .recorded(let expected)) where changes == expected.map(SeenChange.init):
      for change in expected { model.began(change) }
      loop.changes += expected
    default:
      throw Discrepancy(
        description: "\(request)\n  engine: \(seen) \(changes)\n  model: \(outcome)")
    }
  }

  private func answered(_ seen: Seen) -> ModelObject? {
    guard case .answered(let answer) = seen else { return nil }
    return answer.object
  }

  private func expected(_ request: SimulatedRequest, _ chosen: [IPAddress]) -> ModelOutcome {
    switch request {
    case .reservePod(let request): model.reservePod(request, now: now, chosen: chosen)
    case .releasePods(let release, let ifRevision):
      model.releasePods(release, ifRevision: ifRevision)
    case .changeService(let request): model.changeService(request, chosen: chosen)
    case .releaseService(let namespace, let name, let ifRevision):
      model.releaseService(namespace, name, ifRevision: ifRevision)
    case .registerNode(let request): model.registerNode(request)
    case .releaseNode(let name, let force, let ifRevision):
      model.releaseNode(name, force: force, ifRevision: ifRevision)
    }
  }

  private func decide(_ request: SimulatedRequest, _ loop: SimulatedLoop) -> Seen {
    do throws(Refusal) {
      switch request {
      case .reservePod(let pod):
        return seen(
          try engine.reservePod(
            pod.draft, actor: "test", into: &loop.batch, waiter: loop.waiter)
        ) { answer in
          answerOf(pod, answer)
        }
      case .changeService(let service):
        return seen(
          try engine.changeService(service, into: &loop.batch, waiter: loop.waiter)
        ) { answer in
          var object = answer.object
          object.origin = .own
          return ModelAnswer(
            object: .service(object), revision: answer.revision, isExisting: answer.isExisting)
        }
      case .registerNode(let node):
        return seen(
          try engine.registerNode(node, into: &loop.batch, waiter: loop.waiter)
        ) { answer in
          var object = answer.node
          object.origin = .own
          return ModelAnswer(
            object: .node(object), revision: answer.revision, isExisting: answer.isExisting)
        }
      case .releasePods, .releaseService, .releaseNode:
        return seen(try release(request, loop)) { ModelAnswer(revision: $0) }
      }
    } catch {
      return .refused(ModelRefusal(error))
    }
  }

  private func release(
    _ request: SimulatedRequest, _ loop: SimulatedLoop
  ) throws(Refusal) -> Decision<UInt64> {
    switch request {
    case .releasePods(let release, let ifRevision):
      try engine.releasePods(
        release.target, ifRevision: ifRevision, actor: "test", into: &loop.batch,
        waiter: loop.waiter)
    case .releaseService(let namespace, let name, let ifRevision):
      try engine.releaseService(
        namespace: namespace, name: name, ifRevision: ifRevision, actor: "test",
        into: &loop.batch, waiter: loop.waiter)
    case .releaseNode(let name, let force, let ifRevision):
      try engine.releaseNode(
        name: name, force: force, ifRevision: ifRevision, actor: "test", into: &loop.batch,
        waiter: loop.waiter)
    case .reservePod, .changeService, .registerNode: .wait
    }
  }

  private func seen<Answer>(
    _ decision: Decision<Answer>, _ answer: (Answer) -> ModelAnswer
  ) -> Seen {
    switch decision {
    case .answered(let value): .answered(answer(value))
    case .recorded, .repeats: .recorded
    case .wait: .wait
    }
  }

  /// An existing pod's answer has the addresses only; the rest is what was asked.
  private func answerOf(_ request: PodRequest, _ answer: PodAnswer) -> ModelAnswer {
    let addresses = answer.addresses.array.map {
      ModelAddress(address: $0.address, isStatic: $0.isStatic)
    }
    var object = ModelPod(request, addresses: addresses)
    if case .pod(let pod) = model.entries[Subject(kind: .pod, key: request.key)]?.object {
      (object.labels, object.uid) = (pod.labels, pod.uid)
    }
    return ModelAnswer(
      object: .pod(object), revision: answer.revision, isExisting: answer.isExisting)
  }

  /// Tries again what was woken.
  ///
  /// A request that waits while nothing is in flight must have been.
  func retry() throws {
    for loop in loops {
      let isWoken = loop.waiter.count > loop.wakesSeen && mischief != .losesWakes
      if !loop.waiting.isEmpty, !isWoken, engine.changesInFlight == 0 {
        throw Discrepancy(description: "nobody wakes \(loop.waiting)")
      }
      guard isWoken else { continue }
      loop.wakesSeen = loop.waiter.count
      let waiting = loop.waiting
      loop.waiting = []
      for request in waiting { try ask(request, loop) }
    }
  }
}
