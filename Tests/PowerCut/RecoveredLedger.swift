/// What a ledger holds after a power cut, and whether it agrees with itself.
struct RecoveredLedger {
  /// A line of the ledger, as far as addresses go.
  struct Record {
    var revision: Int
    var owner: String
    var addresses: [String]
    var isRelease: Bool
  }

  /// The addresses of each owner: `pod namespace name containerID`, `service namespace name`,
  /// `node name`.
  let holders: [String: [String]]
  private let records: [Record]

  /// What is wrong with it, whatever anybody was told.
  let flaws: [String]

  /// - Parameter holders: the state as a restarted daemon reads it.
  /// - Parameter records: all of them, the oldest first.
  init(holders: [String: [String]], records: [Record]) {
    self.holders = holders
    self.records = records
    flaws =
      Self.holes(records) + Self.disagreements(holders, records) + Self.sharedAddresses(holders)
      + Self.halfPairs(holders)
  }

  /// The owner that a record is about; nil when there is no such record.
  func owner(ofRevision revision: Int) -> String? {
    records.indices.contains(revision - 1) ? records[revision - 1].owner : nil
  }

  private static func holes(_ records: [Record]) -> [String] {
    zip(records, 1...).first { $0.revision != $1 }.map { record, wanted in
      ["revision \(record.revision) stands where \(wanted) should"]
    } ?? []
  }

  private static func disagreements(
    _ holders: [String: [String]], _ records: [Record]
  ) -> [String] {
    var replayed: [String: [String]] = [:]
    for record in records { replayed.follow(record) }
    let owners = Set(replayed.keys).union(holders.keys).sorted()
    return owners.filter { replayed[$0] != holders[$0] }.map { owner in
      "\(owner): the state says \(holders[owner] ?? []), the records \(replayed[owner] ?? [])"
    }
  }

  private static func sharedAddresses(_ holders: [String: [String]]) -> [String] {
    var owners: [String: String] = [:]
    var findings: [String] = []
    for (owner, addresses) in holders.sorted(by: { $0.key < $1.key }) {
      for address in addresses {
        if let other = owners.updateValue(owner, forKey: address) {
          findings.append("\(address) is held by \(other) and by \(owner)")
        }
      }
    }
    return findings
  }

  /// Everything that the load reserves has an address, or a block, of each family.
  private static func halfPairs(_ holders: [String: [String]]) -> [String] {
    holders.sorted { $0.key < $1.key }.compactMap { owner, addresses in
      let sixes = addresses.count { $0.contains(":") }
      return addresses.count == 2 && sixes == 1 ? nil : "\(owner) holds half a pair: \(addresses)"
    }
  }
}

extension [String: [String]] {
  /// Lets owners hold what a record leaves them.
  mutating func follow(_ record: RecoveredLedger.Record) {
    self[record.owner] = record.isRelease ? nil : record.addresses
  }
}
