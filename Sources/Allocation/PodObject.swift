package import Addressing

/// A pod's reservation, read from its packed bytes member by member.
package struct PodObject: Sendable {
  package let packed: PackedObject

  package init(_ packed: PackedObject) {
    self.packed = packed
  }

  /// What the fourth member of the key is (contract, owner key of pods).
  enum Instance: UInt8 {
    case none = 0
    case containerID = 1
    case uid = 2
  }

  static let instanceMask: UInt8 = 3
  static let uidFollows: UInt8 = 4

  /// One address of the pod.
  package struct Address: Sendable, Equatable {
    package let address: IPAddress
    /// Asked for by the client, rather than chosen.
    package let isStatic: Bool
  }

  /// The members that the hot path needs, without any text.
  struct Core {
    var origin: Origin
    var flags: UInt8
    var uid: Range<Int>?
    var node: Range<Int>
    var addresses: FamilyPair<Address>
    var labelsStart: Int
  }

  func core() -> Core {
    var reader = PackedReader(packed.bytes.span, at: packed.bodyStart)
    let flags = reader.byte()
    let origin = Origin.read(from: &reader)
    let uid = flags & Self.uidFollows == 0 ? nil : reader.textRange()
    let node = reader.textRange()
    let info = reader.byte()
    var addresses = FamilyPair<Address>()
    for index in 0..<Int(info & 3) {
      addresses.append(
        Address(address: reader.address(), isStatic: info & (4 << UInt8(index)) != 0))
    }
    return Core(
      origin: origin, flags: flags, uid: uid, node: node, addresses: addresses,
      labelsStart: reader.position)
  }

  /// The addresses in the order of `podIPs`.
  package var addresses: FamilyPair<Address> { core().addresses }

  package var origin: Origin { core().origin }

  package var node: String { text(core().node) }

  package var nodeName: [UInt8] { Array(packed.bytes[core().node]) }

  package var owner: OwnerName {
    let members = packed.keyMembers
    return .pod(
      namespace: members[1], name: members[2], containerID: containerID, interface: members[4],
      network: members[0])
  }

  package var uid: String? {
    let core = core()
    if core.flags & Self.instanceMask == Instance.uid.rawValue { return instance }
    return core.uid.map(text)
  }

  package var containerID: String? {
    core().flags & Self.instanceMask == Instance.containerID.rawValue ? instance : nil
  }

  /// Whether the packed labels are these.
  func hasLabels(_ labels: Span<UInt8>) -> Bool {
    let start = core().labelsStart
    let bytes = packed.bytes
    return bytes.span.extracting(start..<bytes.count).equals(labels)
  }

  package var labels: [(key: String, value: String)] {
    let start = core().labelsStart
    let bytes = packed.bytes
    var reader = PackedReader(bytes.span, at: start)
    var labels: [(key: String, value: String)] = []
    for _ in 0..<reader.length() { labels.append((reader.text(), reader.text())) }
    return labels
  }

  private var instance: String { packed.keyMembers[3] }

  /// Where the key has the container's ID, or the uid in its place.
  var instanceRange: Range<Int> {
    let start = packed.podNameRange.upperBound + 1
    var end = start
    while packed.bytes[end] != 0 { end += 1 }
    return start..<end
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: packed.bytes[range], as: UTF8.self)
  }
}

/// A request for a pod's addresses, filled member by member into buffers that are used again.
package struct PodDraft: Sendable {
  /// The packed owner key: network, namespace, name, incarnation and interface, with `endMember`
  /// between them.
  package var key: [UInt8] = []
  package var node: [UInt8] = []
  package var uid: [UInt8] = []
  package var containerID: [UInt8] = []
  package var isUIDGiven = false
  package var isContainerIDGiven = false

  /// Empty: every family of the node, in the cluster's order.
  package var families = FamilyPair<IPFamily>()
  package var addresses = FamilyPair<IPAddress>()

  /// Packed labels: a count and the pairs; nil when the request names none.
  package var labels: [UInt8]?
  package var ifRevision: UInt64?

  /// Where the network ends and where the name ends in `key`: what `all` releases are found by.
  package private(set) var nameRange = 0..<0

  package init() {}

  /// Sets the labels, in any order; equal labels give equal bytes.
  package mutating func setLabels(_ pairs: [String: String]) {
    var writer = PackedWriter(key: [UInt8]().span, bodyCapacity: 64)
    writer.length(pairs.count)
    for pair in pairs.sorted(by: { $0.key < $1.key }) {
      writer.text(pair.key)
      writer.text(pair.value)
    }
    labels = Array(writer.bytes.dropFirst(2))
  }

  package mutating func reset() {
    key.removeAll(keepingCapacity: true)
    node.removeAll(keepingCapacity: true)
    uid.removeAll(keepingCapacity: true)
    containerID.removeAll(keepingCapacity: true)
    isUIDGiven = false
    isContainerIDGiven = false
    families = FamilyPair()
    addresses = FamilyPair()
    labels = nil
    ifRevision = nil
  }

  /// Ends a member of the key.
  package mutating func endMember() { key.append(0) }

  /// The namespace comes next in the key.
  package mutating func beginName() { nameRange = key.count..<key.count }

  /// The pod's name has been added to the key.
  package mutating func endName() { nameRange = nameRange.lowerBound..<key.count }

  /// Adds what tells one of the pod's incarnations from another.
  package mutating func addInstance() {
    if isContainerIDGiven {
      key.append(contentsOf: containerID)
    } else if isUIDGiven {
      key.append(contentsOf: uid)
    }
  }

  var instance: PodObject.Instance {
    isContainerIDGiven ? .containerID : isUIDGiven ? .uid : .none
  }

  /// The object that the ledger will hold; `labels` nil means none.
  ///
  /// - Parameter uid: what is kept of an earlier request when this one names no uid.
  func packed(
    addresses chosen: FamilyPair<PodObject.Address>, uid kept: [UInt8]? = nil, origin: Origin
  ) -> PackedObject {
    var writer = PackedWriter(
      key: key.span, bodyCapacity: 56 + node.count + uid.count + (labels?.count ?? 1))
    let uidFollows = isContainerIDGiven && (isUIDGiven || kept != nil)
    writer.byte(instance.rawValue | (uidFollows ? PodObject.uidFollows : 0))
    origin.write(to: &writer)
    if uidFollows {
      let uid = isUIDGiven ? uid : kept ?? []
      writer.text(uid.span)
    }
    writer.text(node.span)
    var info = UInt8(chosen.count)
    if chosen.count > 0, chosen[0].isStatic { info |= 4 }
    if chosen.count > 1, chosen[1].isStatic { info |= 8 }
    writer.byte(info)
    if let first = chosen.first { writer.address(first.address) }
    if let second = chosen.second { writer.address(second.address) }
    if let labels { writer.append(labels.span) } else { writer.byte(0) }
    return PackedObject(bytes: writer.bytes)
  }
}
