package import Addressing

/// A range as `range.get` and `range.list` show it.
package struct RangeItem: MethodResult {
  package enum Purpose: String, Sendable, CaseIterable {
    case service, pod, loadBalancer, pool
  }

  /// What is counted: single addresses, or the blocks that nodes get.
  package enum Unit: String, Sendable, CaseIterable {
    case address, block
  }

  package enum State: String, Sendable, CaseIterable {
    case active = "Active"

    /// Nothing new is handed out from it.
    case draining = "Draining"
  }

  /// A part of a range that is preferred for one kind of request.
  package struct Band: Sendable, Hashable {
    package var first: IPAddress
    package var last: IPAddress
    package var reserved: UInt128

    package init(first: IPAddress, last: IPAddress, reserved: UInt128) {
      self.first = first
      self.last = last
      self.reserved = reserved
    }
  }

  /// How much of a range is in which state, in its unit; the free are what the others leave.
  package struct Counts: Sendable, Hashable {
    /// What could ever be handed out.
    package var capacity: UInt128
    package var reserved: UInt128
    package var free: UInt128

    /// Taken out by an administrator.
    package var excluded: UInt128

    /// Released, and resting.
    package var quarantined: UInt128

    package init(
      capacity: UInt128, reserved: UInt128, free: UInt128, excluded: UInt128, quarantined: UInt128
    ) {
      self.capacity = capacity
      self.reserved = reserved
      self.free = free
      self.excluded = excluded
      self.quarantined = quarantined
    }
  }

  package var name: String
  package var purpose: Purpose
  package var cidr: CIDR
  package var unit: Unit
  package var counts: Counts

  /// Where automatic choice looks last; nil when there is no such band.
  package var staticBand: Band?
  package var dynamicBand: Band?

  /// The node whose block it is.
  package var node: String?
  package var state: State

  /// The newest revision that it shows; nil inside a list, which says that itself.
  package var revision: UInt64?

  package init(
    name: String, purpose: Purpose, cidr: CIDR, unit: Unit, counts: Counts,
    staticBand: Band? = nil, dynamicBand: Band? = nil, node: String? = nil,
    state: State = .active, revision: UInt64? = nil
  ) {
    self.name = name
    self.purpose = purpose
    self.cidr = cidr
    self.unit = unit
    self.counts = counts
    self.staticBand = staticBand
    self.dynamicBand = dynamicBand
    self.node = node
    self.state = state
    self.revision = revision
  }
}

extension RangeItem {
  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("name", name)
    writer.member("purpose", purpose.rawValue)
    writer.member("family", cidr.family.name)
    writer.member("cidr", cidr)
    writer.member("unit", unit.rawValue)
    writer.member("capacity", decimal: counts.capacity)
    writer.member("reserved", decimal: counts.reserved)
    writer.member("free", decimal: counts.free)
    writer.member("excluded", decimal: counts.excluded)
    writer.member("quarantined", decimal: counts.quarantined)
    Self.append(staticBand, as: "staticBand", to: &writer)
    Self.append(dynamicBand, as: "dynamicBand", to: &writer)
    writer.member("node", node)
    writer.member("state", state.rawValue)
    writer.member("revision", revision)
    writer.endObject()
  }

  private static func append(_ band: Band?, as name: StaticString, to writer: inout JSONWriter) {
    guard let band else { return }
    writer.name(name)
    writer.beginObject()
    writer.member("first", band.first)
    writer.member("last", band.last)
    writer.member("reserved", decimal: band.reserved)
    writer.endObject()
  }

  package static var schema: JSONValue { Schema.ref("Range") }

  /// What `components/schemas/Band` holds.
  static let bandDefinition = Schema.object([
    .required("first", Schema.address, "Its first address."),
    .required("last", Schema.address, "Its last address."),
    .required("reserved", Schema.bigCount, "How many of it are held."),
  ])

  /// What `components/schemas/Range` holds.
  static let definition = Schema.object([
    .required("name", Schema.name, "The range's name."),
    .required("purpose", Schema.choice("service", "pod", "loadBalancer", "pool"), "What for."),
    .required("family", Schema.family, "The family of its addresses."),
    .required("cidr", Schema.cidr, "Its addresses."),
    .required("unit", Schema.choice("address", "block"), "What is counted."),
    .required("capacity", Schema.bigCount, "What could ever be handed out."),
    .required("reserved", Schema.bigCount, "What is held."),
    .required(
      "free", Schema.bigCount, "capacity less reserved, excluded and quarantined."),
    .required("excluded", Schema.bigCount, "What an administrator took out."),
    .required("quarantined", Schema.bigCount, "What was released and rests."),
    .optional("staticBand", Schema.ref("Band"), "Left to static requests while it can be."),
    .optional("dynamicBand", Schema.ref("Band"), "Where automatic choice looks first."),
    .optional("node", Schema.name, "The node whose block it is."),
    .required("state", Schema.choice("Active", "Draining"), "Whether it hands anything out."),
    .optional("revision", Schema.revision, "The newest revision shown; absent in lists."),
  ])
}
