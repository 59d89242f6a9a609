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
  static let leaseFollows: UInt8 = 8
  static let sticky: UInt8 = 16
  static let keptTimeFollows: UInt8 = 32

  /// One address of the pod.
  package struct Address: Sendable, Equatable {
    package let address: IPAddress
    /// Asked for by the client, rather than chosen.
    package let isStatic: Bool
    /// Not chosen anew but kept from the owner's last reservation, or taken over from another one.
    package let isKept: Bool

    init(address: IPAddress, isStatic: Bool, isKept: Bool = false) {
      self.address = address
      self.isStatic = isStatic
      self.isKept = isKept
    }

    /// Chosen as the next one: the range's cursor stands here.
    package var isAutomatic: Bool { !isStatic && !isKept }
  }

  /// Until when a pod has its addresses.
  package struct Lease: Sendable, Equatable {
    /// Milliseconds since 1970.
    package let expiresAt: Int64
    package let seconds: Int
  }

  /// The members that the hot path needs, without any text.
  struct Core: Sendable {
    var origin: Origin
    var flags: UInt8
    var lease: Lease?
    /// Since when the addresses are kept for the owner, who has released them: milliseconds since
    /// 1970.
    var keptAt: Int64?
    var uid: Range<Int>?
    var node: Range<Int>
    var addresses: FamilyPair<Address>
    var labelsStart: Int

    var isSticky: Bool { flags & PodObject.sticky != 0 }
  }

  func core() -> Core {
    var reader = PackedReader(packed.bytes.span, at: packed.bodyStart)
    let flags = reader.byte()
    let origin = Origin.read(from: &reader)
    var lease: Lease?
    if flags & Self.leaseFollows != 0 {
      lease = Lease(expiresAt: Int64(bitPattern: reader.word()), seconds: reader.length())
    }
    let keptAt = flags & Self.keptTimeFollows == 0 ? nil : Int64(bitPattern: reader.word())
    let uid = flags & Self.uidFollows == 0 ? nil : reader.textRange()
    let node = reader.textRange()
    let info = reader.byte()
    var addresses = FamilyPair<Address>()
    for index in 0..<Int(info & 3) {
      addresses.append(
        Address(
          address: reader.address(), isStatic: info & (4 << UInt8(index)) != 0,
          isKept: info & (16 << UInt8(index)) != 0))
    }
    return Core(
      origin: origin, flags: flags, lease: lease, keptAt: keptAt, uid: uid, node: node,
      addresses: addresses, labelsStart: reader.position)
  }

  /// The addresses in the order of `podIPs`.
  package var addresses: FamilyPair<Address> { core().addresses }

  package var origin: Origin {
    var reader = PackedReader(packed.bytes.span, at: packed.bodyStart + 1)
    return Origin.read(from: &reader)
  }

  /// After its release the addresses are kept.
  package var isSticky: Bool { packed.bytes[packed.bodyStart] & Self.sticky != 0 }

  /// Nil: its addresses are the owner's until it releases them.
  package var lease: Lease? {
    packed.bytes[packed.bodyStart] & Self.leaseFollows == 0 ? nil : core().lease
  }

  /// The owner has released its addresses, and they are kept for its next reservation.
  package var isKept: Bool { packed.bytes[packed.bodyStart] & Self.keptTimeFollows != 0 }

  /// Its addresses are those of a pool, not of its node.
  package var isInPool: Bool {
    !PodKey.isDefault(PodKey.network(packed.bytes.span.extracting(packed.keyRange)))
  }

  /// Whose cursors its addresses move: its node's name, or a NUL and the pool's.
  package var cursorName: [UInt8] {
    guard isInPool else { return nodeName }
    return [0] + packed.bytes[packed.keyRange].prefix { $0 != 0 }
  }

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

  /// The packed labels: a count and the pairs.
  func labelBytes(_ core: Core) -> [UInt8] { Array(packed.bytes[core.labelsStart...]) }

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

extension PodObject {
  /// The object as it is kept from `time` on, in milliseconds since 1970, for a sticky owner.
  func kept(since time: Int64, origin: Origin) -> PackedObject {
    repacked(keptAt: time, origin: origin)
  }

  /// The object as it was before it was kept.
  func unkept(origin: Origin) -> PackedObject { repacked(keptAt: nil, origin: origin) }

  /// The same object with another origin.
  func with(_ origin: Origin) -> PackedObject {
    let bytes = packed.bytes
    var reader = PackedReader(bytes.span, at: packed.bodyStart + 1)
    _ = Origin.read(from: &reader)
    let rest = reader.position
    var writer = PackedWriter(
      key: bytes.span.extracting(packed.keyRange), bodyCapacity: bytes.count + 16)
    writer.byte(bytes[packed.bodyStart])
    origin.write(to: &writer)
    writer.append(bytes.span.extracting(rest..<bytes.count))
    return PackedObject(bytes: writer.bytes)
  }

  /// Without a lease: what is kept has none.
  private func repacked(keptAt time: Int64?, origin: Origin) -> PackedObject {
    let core = core()
    let bytes = packed.bytes
    var writer = PackedWriter(
      key: bytes.span.extracting(packed.keyRange), bodyCapacity: bytes.count + 16)
    let flags = core.flags & ~(Self.leaseFollows | Self.keptTimeFollows)
    writer.byte(time == nil ? flags : flags | Self.keptTimeFollows)
    origin.write(to: &writer)
    if let time { writer.word(UInt64(bitPattern: time)) }
    if let uid = core.uid { writer.text(bytes.span.extracting(uid)) }
    writer.text(bytes.span.extracting(core.node))
    Self.write(core.addresses, to: &writer)
    writer.append(bytes.span.extracting(core.labelsStart..<bytes.count))
    return PackedObject(bytes: writer.bytes)
  }

  @inline(__always)
  static func write(
    _ addresses: FamilyPair<Address>, to writer: inout some PackedOutput & ~Copyable
  ) {
    var info = UInt8(truncatingIfNeeded: addresses.count)
    if let first = addresses.first {
      if first.isStatic { info |= 4 }
      if first.isKept { info |= 16 }
    }
    if let second = addresses.second {
      if second.isStatic { info |= 8 }
      if second.isKept { info |= 32 }
    }
    writer.byte(info)
    if let first = addresses.first { writer.address(first.address) }
    if let second = addresses.second { writer.address(second.address) }
  }
}

extension PodObject {
  /// Where a pod's members stand in the packed bytes, for whoever writes them out without making
  /// texts of them.
  package struct Layout: Sendable {
    package let network: Range<Int>
    package let namespace: Range<Int>
    package let name: Range<Int>
    package let interface: Range<Int>
    package let node: Range<Int>
    package let uid: Range<Int>?
    package let containerID: Range<Int>?
    package let addresses: FamilyPair<Address>
    package let lease: Lease?
    package let origin: Origin

    /// There is more than an empty list of labels.
    package let hasLabels: Bool
  }

  package var layout: Layout {
    let bytes = packed.bytes
    var ends: [Int] = []
    ends.reserveCapacity(5)
    for index in packed.keyRange where bytes[index] == 0 { ends.append(index) }
    let core = core()
    let instance = (ends[2] + 1)..<ends[3]
    let kind = core.flags & Self.instanceMask
    return Layout(
      network: packed.keyRange.lowerBound..<ends[0], namespace: (ends[0] + 1)..<ends[1],
      name: (ends[1] + 1)..<ends[2], interface: (ends[3] + 1)..<packed.keyRange.upperBound,
      node: core.node, uid: kind == Instance.uid.rawValue ? instance : core.uid,
      containerID: kind == Instance.containerID.rawValue ? instance : nil,
      addresses: core.addresses, lease: core.lease, origin: core.origin,
      hasLabels: bytes[core.labelsStart] != 0)
  }
}
