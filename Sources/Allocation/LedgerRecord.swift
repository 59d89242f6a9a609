package import Addressing

/// What an object is; the raw values are stored.
package enum ObjectKind: UInt8, Sendable, CaseIterable {
  case pod = 1
  case service = 2
  case node = 3
  case range = 4

  /// As events and owners spell it.
  package var name: String {
    switch self {
    case .pod: "Pod"
    case .service: "Service"
    case .node: "Node"
    case .range: "Range"
    }
  }
}

/// What a record says about its object; the raw values are stored.
package enum RecordType: UInt8, Sendable, CaseIterable {
  case reserved = 1
  case updated = 2
  case released = 3
  /// The time of a lease, or of what was kept, is over.
  case expired = 4
}

/// One line of the ledger, as read back.
package struct LedgerRecord: Sendable, Equatable {
  package var revision: UInt64
  /// Milliseconds since 1970.
  package var time: Int64
  package var type: RecordType
  package var kind: ObjectKind
  package var object: PackedObject
  package var actor: String

  package init(
    revision: UInt64, time: Int64, type: RecordType, kind: ObjectKind, object: PackedObject,
    actor: String
  ) {
    self.revision = revision
    self.time = time
    self.type = type
    self.kind = kind
    self.object = object
    self.actor = actor
  }
}

extension LedgerRecord {
  /// When and as what the object came to be, where the record does not renew that.
  package var origin: Origin {
    switch kind {
    case .pod: PodObject(object).origin
    case .service: ServiceObject.origin(object)
    case .node: NodeObject.origin(object)
    case .range: RangeRecord.origin(object)
    }
  }

  /// Nothing is left of the object: it was released or has expired, and nothing is kept.
  package var isEnd: Bool {
    switch type {
    case .reserved, .updated: false
    case .released, .expired: kind != .pod || !PodObject(object).isKept
    }
  }
}

/// What a record means to single addresses.
extension LedgerRecord {
  /// The addresses whose history it is part of: what it reserves, gives up or keeps anew.
  ///
  /// An update of a pod is not: it renews or relabels, and changes nobody's address.
  package var concerned: [IPAddress] {
    switch kind {
    case .pod: type == .updated ? [] : PodObject(object).addresses.array.map(\.address)
    case .service:
      type == .updated
        ? ServiceObject.addresses(object) + ServiceObject.givenUp(object)
        : ServiceObject.addresses(object)
    case .node, .range: []
    }
  }

  /// Whether its owner has the address after it.
  package func holds(_ address: IPAddress) -> Bool {
    guard type == .reserved || type == .updated else { return false }
    switch kind {
    case .pod: return PodObject(object).addresses.contains { $0.address == address }
    case .service: return ServiceObject.addresses(object).contains(address)
    case .node, .range: return false
    }
  }

  /// Its owner, as errors and answers name it.
  package var owner: OwnerName {
    switch kind {
    case .pod: PodObject(object).owner
    case .service: .service(namespace: object.keyMembers[0], name: object.keyMembers[1])
    case .node: .node(name: object.keyMembers[0])
    case .range: .range(name: object.keyMembers[0])
    }
  }
}

/// An object as the derived state has it: what a record left, until another one changes it.
package struct StoredObject: Sendable, Equatable {
  package var kind: ObjectKind
  package var object: PackedObject
  /// The revision that `ifRevision` is compared with.
  package var generation: UInt64
  /// Milliseconds since 1970.
  package var reservedAt: Int64

  package init(kind: ObjectKind, object: PackedObject, generation: UInt64, reservedAt: Int64) {
    self.kind = kind
    self.object = object
    self.generation = generation
    self.reservedAt = reservedAt
  }

  /// What it has taken of ranges of addresses.
  package var addresses: [IPAddress] {
    switch kind {
    case .pod: PodObject(object).addresses.array.map(\.address)
    case .service: ServiceObject.addresses(object)
    case .node, .range: []
    }
  }

  /// For a person.
  package var owner: String {
    "\(kind.name) \(object.keyMembers.filter { !$0.isEmpty }.joined(separator: "/"))"
  }
}
