import AddressBitmap
import Synchronization

/// The policy that holds now, for all event loops; it changes when the configuration is read anew.
final class AccessPolicies: Sendable {
  private let state: Locked<AccessPolicy>
  private let count = Atomic(0)

  init(_ policy: AccessPolicy) { state = Locked(policy) }

  /// Grows with every change: one look tells a connection that it has to ask again.
  var generation: Int { count.load(ordering: .sequentiallyConsistent) }

  var current: (policy: AccessPolicy, generation: Int) {
    // The number first: a policy that is newer than its number is looked at once more.
    let generation = generation
    return (state.withLock { $0 }, generation)
  }

  func replace(by policy: AccessPolicy) {
    state.withLock { $0 = policy }
    count.add(1, ordering: .sequentiallyConsistent)
  }
}
