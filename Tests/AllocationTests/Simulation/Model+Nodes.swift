import Addressing
import Allocation

extension Model {
  func clusterCIDR(_ family: IPFamily) -> CIDR? {
    configuration.clusterCIDRs.first { $0.family == family }
  }

  private func nodeBlocks(_ cluster: CIDR) -> [CIDR] {
    let length = configuration.nodePrefixLength(cluster.family)
    let step: UInt128 = 1 << UInt128(cluster.family.bitWidth - length)
    return (0..<UInt128(1 << (length - cluster.prefixLength))).compactMap { index in
      CIDR(base: cluster.address(at: index * step), prefixLength: length)
    }
  }

  func indexAfter(_ block: CIDR) -> Int {
    guard let cluster = clusterCIDR(block.family) else { return 0 }
    let all = nodeBlocks(cluster)
    let index = all.firstIndex { $0.overlaps(block) } ?? 0
    return (index + 1) % all.count
  }

  func reservedBlocks(_ cluster: CIDR) -> Int {
    nodeBlocks(cluster).count { !isFree($0) }
  }

  private func isFree(_ block: CIDR) -> Bool {
    !blocks.contains { $0.cidr.overlaps(block) }
      && !configuration.serviceRanges.contains { $0.overlaps(block) }
  }

  mutating func registerNode(_ request: NodeRequest) -> ModelOutcome {
    let subject = Subject(kind: .node, key: request.name)
    if busy[subject] != nil { return .wait }
    if let entry = entries[subject], case .node(let node) = entry.object {
      return repeatNode(request, subject, entry, node)
    }
    guard isWritable else { return .refused(.unavailable) }
    var taken: [CIDR] = []
    let former = nextBlock
    if let wanted = request.podCIDRs {
      for block in wanted {
        if !configuration.clusterCIDRs.isEmpty,
          !configuration.clusterCIDRs.contains(where: { $0.contains(block) })
        {
          return .refused(.outOfRange(block.base))
        }
        let holders = blocks.filter { $0.cidr.overlaps(block) }
        if let holder = holders.min(by: { $0.cidr.base < $1.cidr.base }) {
          let node = Subject(kind: .node, key: holder.node)
          guard busy[node] == nil else { return .wait }
          return .refused(.conflict(revision: entries[node]?.generation))
        }
        if configuration.serviceRanges.contains(where: { $0.overlaps(block) }) {
          return .refused(.conflict(revision: nil))
        }
      }
      taken = wanted
    } else {
      for cluster in configuration.clusterCIDRs {
        let all = nodeBlocks(cluster)
        let start = nextBlock[cluster.family, default: 0]
        let order = all[start...] + all[..<start]
        guard let block = order.first(where: { isFree($0) }) else {
          nextBlock = former
          return .refused(.exhausted(cluster))
        }
        nextBlock[cluster.family] = indexAfter(block)
        taken.append(block)
      }
      formerBlock[request.name] = former
    }
    let node = NodeObject(
      name: request.name, podCIDRs: taken, nodeIPs: request.nodeIPs ?? [], os: request.os,
      networkMode: request.networkMode, isExplicit: request.podCIDRs != nil, origin: .own)
    return .recorded([ModelChange(subject: subject, type: .reserved, object: .node(node))])
  }

  /// A block that nobody got after all: the choice goes on where it was, if no other was chosen
  /// after it.
  mutating func takeBack(_ block: CIDR, of node: String) {
    guard nextBlock[block.family] == indexAfter(block) else { return }
    nextBlock[block.family] = formerBlock[node]?[block.family] ?? 0
  }

  private func repeatNode(
    _ request: NodeRequest, _ subject: Subject, _ entry: ModelEntry, _ node: NodeObject
  ) -> ModelOutcome {
    let isSame =
      request.os == node.os && request.networkMode == node.networkMode
      && (request.podCIDRs == nil ? !node.isExplicit : node.isExplicit)
      && (request.podCIDRs ?? node.podCIDRs) == node.podCIDRs
    guard isSame else { return .refused(.conflict(revision: entry.generation)) }
    guard let nodeIPs = request.nodeIPs, nodeIPs != node.nodeIPs else {
      return .answered(
        ModelAnswer(object: .node(node), revision: entry.generation, isExisting: true))
    }
    guard isWritable else { return .refused(.unavailable) }
    var changed = node
    changed.nodeIPs = nodeIPs
    return .recorded([
      ModelChange(
        subject: subject, type: .updated, object: .node(changed), generation: entry.generation,
        reservedAt: entry.reservedAt)
    ])
  }

  func releaseNode(_ name: String, force: Bool, ifRevision: UInt64?) -> ModelOutcome {
    let subject = Subject(kind: .node, key: name)
    if busy[subject] != nil { return .wait }
    guard let entry = entries[subject] else { return .answered(ModelAnswer(revision: revision)) }
    if let ifRevision, ifRevision != entry.generation {
      return .refused(.conflict(revision: entry.generation))
    }
    guard isWritable else { return .refused(.unavailable) }
    let pods = pods { $0.node == name }
    let isInUse = ranges[name, default: []].contains { !$0.held.isEmpty }
    if !force, !pods.isEmpty { return .refused(.conflict(revision: entry.generation)) }
    if isInUse, !force { return .wait }
    let isPodBusy = busy.values.contains { change in
      if case .pod(let pod) = change.object { return pod.node == name }
      return false
    }
    if isInUse, isPodBusy { return .wait }
    return .recorded(
      pods.map { ModelChange(subject: $0.0, type: .released, object: .pod($0.1)) }
        + [ModelChange(subject: subject, type: .released, object: entry.object)])
  }

  /// Durable pods in key order.
  func pods(where isWanted: (ModelPod) -> Bool) -> [(Subject, ModelPod)] {
    entries.compactMap { subject, entry in
      guard case .pod(let pod) = entry.object, isWanted(pod) else { return nil }
      return (subject, pod)
    }
    .sorted { $0.0 < $1.0 }
  }
}
