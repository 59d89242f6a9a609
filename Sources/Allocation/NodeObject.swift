package import AddressBitmap
package import Addressing
import Synchronization

/// A node's registration.
package struct NodeObject: Sendable, Equatable {
  package var name: String
  package var podCIDRs: [CIDR]
  package var nodeIPs: [IPAddress]
  package var os: String?
  package var networkMode: String?
  /// The blocks were named by the request; else the cluster's next ones were taken.
  package var isExplicit: Bool
  package var origin: Origin

  package var key: [UInt8] { Array(name.utf8) }

  package func packed() -> PackedObject {
    var writer = PackedWriter(key: key.span, bodyCapacity: 96)
    writer.byte(isExplicit ? 1 : 0)
    origin.write(to: &writer)
    writer.length(podCIDRs.count)
    for cidr in podCIDRs { writer.cidr(cidr) }
    writer.length(nodeIPs.count)
    for address in nodeIPs { writer.address(address) }
    writer.optional(os)
    writer.optional(networkMode)
    return PackedObject(bytes: writer.bytes)
  }

  package init(
    name: String, podCIDRs: [CIDR], nodeIPs: [IPAddress], os: String?, networkMode: String?,
    isExplicit: Bool, origin: Origin
  ) {
    self.name = name
    self.podCIDRs = podCIDRs
    self.nodeIPs = nodeIPs
    self.os = os
    self.networkMode = networkMode
    self.isExplicit = isExplicit
    self.origin = origin
  }

  package init(_ packed: PackedObject) {
    var reader = PackedReader(packed.bytes.span, at: packed.bodyStart)
    name = packed.keyMembers[0]
    isExplicit = reader.byte() & 1 != 0
    origin = Origin.read(from: &reader)
    let blockCount = reader.length()
    podCIDRs = (0..<blockCount).map { _ in reader.cidr() }
    let addressCount = reader.length()
    nodeIPs = (0..<addressCount).map { _ in reader.address() }
    os = reader.optional()
    networkMode = reader.optional()
  }

  static func origin(_ packed: PackedObject) -> Origin {
    var reader = PackedReader(packed.bytes.span, at: packed.bodyStart)
    _ = reader.byte()
    return Origin.read(from: &reader)
  }
}

/// A registered node while the daemon runs: its name and the ranges of its pod CIDRs.
package final class NodeRuntime: Sendable {
  package let name: [UInt8]

  /// One range a family, in the order of `podCIDRs`.
  package let ranges: FamilyPair<AddressRange>

  /// In the order of `podCIDRs`.
  package let families: FamilyPair<IPFamily>

  init(name: [UInt8], ranges: FamilyPair<AddressRange>) {
    self.name = name
    self.ranges = ranges
    families = FamilyPair(ranges.first?.cidr.family, ranges.second?.cidr.family)
  }

  func hasName(_ other: Span<UInt8>) -> Bool {
    let name = name
    return name.span.equals(other)
  }

  var text: String { String(decoding: name, as: UTF8.self) }

  func nameHash(_ hash: ByteHash) -> UInt32 {
    let name = name
    return hash(name.span)
  }

  @inline(__always)
  package func range(_ family: IPFamily) -> AddressRange? {
    families.first == family ? ranges.first : families.second == family ? ranges.second : nil
  }

  /// What an interface with an address of the family needs; nil: the node has no such block.
  package func link(_ family: IPFamily) -> (prefixLength: Int, gateway: IPAddress?)? {
    guard let range = range(family) else { return nil }
    return (range.cidr.prefixLength, range.gateway)
  }

  /// Pods hold, or are about to hold, addresses here.
  var isInUse: Bool {
    ranges.contains { $0.reservedCount > 0 }
  }

  /// Addresses that pods hold here, of all families.
  var heldCount: Int { ranges.array.reduce(0) { $0 + $1.heldCount } }

  /// The node's release is on its way: nobody gets an address here.
  var isClosed: Bool { closed.load(ordering: .sequentiallyConsistent) }

  private let closed = Atomic(false)

  func close() {
    closed.store(true, ordering: .sequentiallyConsistent)
    for range in ranges.array { range.close() }
  }

  func reopen() {
    for range in ranges.array { range.reopen() }
    closed.store(false, ordering: .sequentiallyConsistent)
  }
}
