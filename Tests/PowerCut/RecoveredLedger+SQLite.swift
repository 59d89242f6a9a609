import Addressing
import Allocation
import SQLiteLedger

extension RecoveredLedger {
  /// Opens a ledger as a starting daemon does, and reads all of it.
  init(at path: String) throws {
    let ledger = try SQLiteLedger.open(at: path)
    defer { ledger.close() }
    var holders: [String: [String]] = [:]
    try ledger.readState { stored in
      holders[Self.owner(stored.kind, stored.object)] = Self.addresses(stored.kind, stored.object)
    }
    try ledger.readTail { holders.follow(Self.record($0)) }
    var records: [Record] = []
    try ledger.readBack(to: .min, endsOnly: false) { records.append(Self.record($0)) }
    self.init(holders: holders, records: records.reversed())
  }

  private static func record(_ record: LedgerRecord) -> Record {
    Record(
      revision: Int(record.revision), owner: owner(record.kind, record.object),
      addresses: addresses(record.kind, record.object), isRelease: record.type == .released)
  }

  private static func owner(_ kind: ObjectKind, _ object: PackedObject) -> String {
    let members = object.keyMembers
    // A pod's key also has its network in front and its interface behind; the load has one of each.
    let named = kind == .pod ? members.dropFirst().dropLast() : members[...]
    return ([kind.name.lowercased()] + named).joined(separator: " ")
  }

  private static func addresses(_ kind: ObjectKind, _ object: PackedObject) -> [String] {
    switch kind {
    case .pod: PodObject(object).addresses.array.map(\.address.description)
    case .service: ServiceObject(object).addresses.map(\.description)
    case .node: NodeObject(object).podCIDRs.map(\.description)
    case .range: []
    }
  }
}
