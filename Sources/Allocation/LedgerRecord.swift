/// What an object is; the raw values are stored.
package enum ObjectKind: UInt8, Sendable, CaseIterable {
  case pod = 1
  case service = 2
  case node = 3

  /// As events and owners spell it.
  package var name: String {
    switch self {
    case .pod: "Pod"
    case .service: "Service"
    case .node: "Node"
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
  /// Nothing is left of the object: it was released or has expired, and nothing is kept.
  package var isEnd: Bool {
    switch type {
    case .reserved, .updated: false
    case .released, .expired: kind != .pod || !PodObject(object).isKept
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
}
