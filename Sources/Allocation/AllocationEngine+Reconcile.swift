import AddressBitmap
import Addressing

/// Which owners of a node are live, as whoever runs them says.
package enum LiveOwners: Sendable {
  /// Containers by ID, with the interfaces that count; nil: all of them. A reservation without a
  /// containerID is not judged.
  case containers([[UInt8]: Set<[UInt8]>?])
  /// Pods by namespace and name, a NUL between them, with the uids that count; nil: any.
  case names([[UInt8]: Set<[UInt8]>?])
  /// None is live.
  case none

  func include(_ pod: PodObject) -> Bool {
    switch self {
    case .none: return false
    case .containers(let live):
      let members = pod.keyMemberBytes
      guard pod.containerID != nil else { return true }
      guard let interfaces = live[members[3]] else { return false }
      return interfaces?.contains(members[4]) ?? true
    case .names(let live):
      let members = pod.keyMemberBytes
      guard let uids = live[members[1] + [0] + members[2]] else { return false }
      guard let uids, let uid = pod.uid else { return true }
      return uids.contains(Array(uid.utf8))
    }
  }
}

/// A request to release what a node holds for owners that are gone.
package struct ReconcileRequest: Sendable {
  package var node: [UInt8]
  package var network: [UInt8]
  package var live: LiveOwners
  package var olderThanSeconds: Int
  package var isDryRun: Bool
  package var actor: String

  package init(
    node: [UInt8], network: [UInt8], live: LiveOwners, olderThanSeconds: Int, isDryRun: Bool,
    actor: String
  ) {
    self.node = node
    self.network = network
    self.live = live
    self.olderThanSeconds = olderThanSeconds
    self.isDryRun = isDryRun
    self.actor = actor
  }
}

extension AllocationEngine {
  /// Releases what the node holds for owners that are neither live nor young, in one commit.
  ///
  /// Each is judged under its lock when it is marked. What is in flight is left alone: it is being
  /// reserved, renewed or released by somebody who lives. What came after the call began is younger
  /// than the newest revision then. Answers what a dry run finds, or nothing.
  package func reconcile(
    _ request: ReconcileRequest, into batch: inout ChangeBatch
  ) throws(Refusal) -> Decision<[VisibleObject]> {
    guard let node = directory[request.node.span] else {
      let name = String(decoding: request.node, as: UTF8.self)
      throw .notFound(Cause("node", .invalid, "no node \(name) is registered"))
    }
    let isDefault = PodKey.isDefault(request.network.span)
    guard let source = isDefault ? node : pool(named: request.network.span) else {
      let name = String(decoding: request.network, as: UTF8.self)
      throw .notFound(Cause("network", .invalid, "there is no network \(name)"))
    }
    let isOld = age(olderThanSeconds: request.olderThanSeconds)
    var gone: [(handle: ObjectHandle, entry: Entry)] = []
    do throws(Refusal) {
      for handle in pods(on: source).handles {
        let found = try pods.withShard(handle.shard) {
          (state: inout ObjectShard) throws(Refusal) -> Entry? in
          guard let entry = state.entry(handle.index), entry.phase == .held, isOld(entry) else {
            return nil
          }
          let pod = PodObject(entry.object)
          guard pod.isOn(node), pod.keyMemberBytes[0] == request.network,
            !request.live.include(pod)
          else { return nil }
          guard !request.isDryRun else { return entry }
          try admit()
          return mark(handle.index, in: &state)
        }
        if let found { gone.append((handle, found)) }
      }
    } catch {
      unmark(gone.map { ($0.handle, .held) })
      throw error
    }
    gone.sort { $0.entry.object.precedes($1.entry.object) }
    guard !request.isDryRun, !gone.isEmpty else {
      return .answered(gone.map { VisibleObject($0.entry) })
    }
    for (handle, entry) in gone {
      batch.append(
        ending(
          entry, at: handle, .released, request.actor, batch, former: VisibleObject(entry)))
    }
    return .recorded
  }

  /// Whether a reservation is so old, by the monotonic clock since the start and by the wall clock
  /// before it.
  private func age(olderThanSeconds seconds: Int) -> (Entry) -> Bool {
    let newest = revision
    let limits = ages.limits(olderThan: Int64(seconds) * 1000, now: now())
    return { [ages] entry in
      guard entry.generation <= newest else { return false }
      if ages.isFromBeforeStart(entry.generation) {
        return entry.generation <= limits.sinceStart || entry.reservedAt <= limits.beforeStart
      }
      return entry.generation <= limits.sinceStart
    }
  }
}

extension PodObject {
  /// The members of the owner key.
  var keyMemberBytes: [[UInt8]] {
    packed.bytes[packed.keyRange].split(separator: 0, omittingEmptySubsequences: false)
      .map { Array($0) }
  }
}
