import AddressBitmap
import Addressing

@testable import Allocation

extension Simulator {
  func check(everything: Bool) throws {
    try equal("revision", engine.revision, model.revision)
    try equal("newest in the ledger", ledger.newestRevision, model.revision)
    try equal("in flight", engine.changesInFlight, model.busy.count)
    guard everything else { return }
    for kind in ObjectKind.allCases { try checkList(kind) }
    try checkRanges()
    try checkAddresses()
    try checkHolders()
    try checkRecords()
  }

  func equal<Value: Equatable>(_ what: String, _ seen: Value, _ expected: Value) throws {
    guard seen != expected else { return }
    throw Discrepancy(description: "\(what): engine \(seen), model \(expected)")
  }

  /// Lists by pages of a random size: every visible object once, in key order, and nothing else.
  private func checkList(_ kind: ObjectKind) throws {
    var seen: [(Subject, ModelEntry)] = []
    let limit = dice.number(5) + 1
    var after: [UInt8]?
    repeat {
      let page = engine.list(kind, after: after, limit: limit)
      try equal("revision of a page", page.revision, model.revision)
      seen += page.objects.map { visible in
        (
          Subject(kind: kind, key: visible.object.keyMembers.joined(separator: "\0")),
          ModelEntry(
            object: ModelObject(kind, visible.object), generation: visible.generation,
            reservedAt: visible.reservedAt)
        )
      }
      after = page.next
    } while after != nil
    let expected = model.entries.filter { $0.key.kind == kind }.sorted { $0.key < $1.key }
    try equal("keys of \(kind)", seen.map(\.0), expected.map(\.key))
    for (seen, expected) in zip(seen, expected) {
      try equal("\(seen.0)", seen.1, expected.value)
    }
    let counts = engine.objectCounts
    let count =
      switch kind {
      case .pod: counts.pods
      case .service: counts.services
      case .node: counts.nodes
      case .range: 0
      }
    try equal("count of \(kind)", count, expected.count)
  }

  /// Bits are the sum of what is visible and what is in flight.
  private func checkRanges() throws {
    for (name, blocks) in model.ranges {
      for block in blocks {
        guard let found = engine.directory[Array(name.utf8).span]?.range(block.cidr.family) else {
          throw Discrepancy(description: "no range \(block.cidr) of \(name)")
        }
        try equal("reserved in \(block.cidr)", found.reservedCount, block.held.count)
        let visible = model.pods { $0.node == name }.flatMap { $0.1.addresses }
          .count { block.cidr.contains($0.address) }
        let seen = engine.range(of: block.cidr)?.range.reserved
        if !configuration.clusterCIDRs.contains(block.cidr) {
          try equal("held in \(block.cidr)", seen, UInt128(visible))
        }
        found.endRests(now: now)
        let resting = block.rests.filter { $0.value > now - block.rest }
        try equal("resting in \(block.cidr)", found.restingCount, resting.count)
      }
    }
    try equal("nodes", engine.directory.all.count, model.ranges.count)
    for range in engine.serviceRanges {
      let held = model.serviceAddresses.filter(range.cidr.contains)
      try equal("reserved in \(range.cidr)", range.reservedCount, held.count)
    }
    for range in engine.registry.clusterRanges {
      try equal(
        "blocks of \(range.clusterCIDR)", range.reserved, model.reservedBlocks(range.clusterCIDR))
    }
  }

  /// `ip.get` for every address that could matter.
  private func checkAddresses() throws {
    var owners: [IPAddress: OwnerName] = [:]
    for (subject, entry) in model.entries {
      for address in Model.addresses(entry.object) {
        owners[address] = Model.name(subject, entry.object)
      }
    }
    let blocks = model.ranges.values.joined().map(\.cidr) + configuration.serviceRanges
    for block in blocks {
      for offset in 0...min(block.lastOffset, 31) {
        let address = block.address(at: offset)
        let standing = engine.standing(of: address).standing
        switch (standing, owners[address]) {
        case (.reserved(let owner, let range, _, false), .some(let expected)):
          try equal("owner of \(address)", owner, expected)
          try equal("range of \(address)", range, block)
        case (.free, nil), (.never, nil), (.quarantined, nil): break
        default:
          throw Discrepancy(
            description: "\(address): \(standing), \(String(describing: owners[address]))")
        }
        try checkRest(address, standing)
      }
    }
  }

  private func checkRest(_ address: IPAddress, _ standing: AddressStanding) throws {
    var isResting = false
    for block in model.ranges.values.joined() {
      guard let offset = block.cidr.offset(of: address) else { continue }
      isResting = block.rests[offset].map { $0 > now - block.rest } ?? false
    }
    var isSeen = false
    if case .quarantined = standing { isSeen = true }
    try equal("rest of \(address)", isSeen, isResting)
  }

  /// No address has two owners, in the engine's own words.
  private func checkHolders() throws {
    var holders: [IPAddress: Subject] = [:]
    for (subject, entry) in model.entries {
      for address in Model.addresses(entry.object) {
        if let other = holders.updateValue(subject, forKey: address) {
          throw Discrepancy(description: "\(address) belongs to \(other) and \(subject)")
        }
        guard subject.kind == .pod else { continue }
        let found = engine.pod(holding: address)?.object.keyMembers.joined(separator: "\0")
        try equal("pod with \(address)", found, subject.key)
      }
    }
  }

  /// Revisions have no hole, and times do not run backwards.
  private func checkRecords() throws {
    let records = ledger.records
    for (index, record) in records.enumerated() {
      try equal("revision", record.revision, UInt64(index + 1))
      if index > 0, record.time < records[index - 1].time {
        throw Discrepancy(description: "time runs backwards at \(record.revision)")
      }
    }
  }
}
