import Addressing
import Allocation
import LineProtocol

/// The one place where the engine's refusals become the protocol's errors.
extension ErrorReply {
  /// - Parameter access: the caller's.
  init(_ refusal: Refusal, _ access: Access = .none) {
    switch refusal {
    case .invalid(let causes): self = .invalidParams(causes)
    case .exhausted(let exhaustion):
      self = .exhausted(
        range: exhaustion.range, capacity: exhaustion.capacity, reserved: exhaustion.reserved,
        excluded: exhaustion.excluded, quarantined: exhaustion.quarantined,
        isDraining: exhaustion.isDraining)
    case .alreadyReserved(let ip, let field, let owner):
      let text = owner == nil ? "\(ip) rests after its release" : "\(ip) is held by another owner"
      self = .alreadyReserved(
        ip: ip, owner: owner.map { OwnerReference($0) },
        causes: [Cause(field, .invalid, text)])
    case .outOfRange(let ip, let field, let message, let ranges):
      self = .outOfRange(ip: ip, ranges: ranges, causes: [Cause(field, .invalid, message)])
    case .notFound(let cause): self = .notFound(cause.message, causes: [cause])
    case .conflict(let message, let revision, let owner):
      self = .conflict(message, revision: revision, owner: owner.map { OwnerReference($0) })
    case .outOfScope:
      self = .outOfScope(role: access.role, needed: .allocator, node: access.node ?? "")
    case .overloaded: self = .overloaded(retryAfterMs: 100)
    case .shuttingDown: self = .shuttingDown
    case .ledger(.unavailable(let cause)): self = .ledgerUnavailable(cause: cause)
    case .ledger(.unknown): self = .outcomeUnknown
    }
  }
}

extension OwnerReference {
  init(_ owner: OwnerName) {
    switch owner {
    case .pod(let namespace, let name, let containerID, let interface, let network):
      self = .pod(
        namespace: namespace, name: name, containerID: containerID, interface: interface,
        network: network)
    case .service(let namespace, let name): self = .service(namespace: namespace, name: name)
    case .node(let name): self = .node(name: name)
    case .range(let name): self = .range(name: name)
    }
  }
}
