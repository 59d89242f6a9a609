import Addressing
import FaultKit
import Testing

@testable import Allocation
@testable import SQLiteLedger

/// A long window arrives in the derived tables slice by slice.
@Suite struct SliceTests {
  /// Objects by kind and key.
  private typealias Objects = [OwnerKey: StoredObject]

  /// Writes pods, Services and nodes that come, change and go; answers what is there in the end.
  private func write(
    _ ledger: SQLiteLedger, _ model: inout Objects, steps: Int, _ random: inout SeededRandom
  ) throws {
    for _ in 0..<steps {
      let number = Int.random(in: 0..<12, using: &random)
      let made: PackedObject
      let kind: ObjectKind
      switch Int.random(in: 0..<4, using: &random) {
      case 0: (kind, made) = (.node, Sample.node("n\(number)"))
      case 1: (kind, made) = (.service, Sample.service("s\(number)"))
      default:
        kind = .pod
        made = Sample.pod(
          "p\(number)", node: "n\(number % 3)",
          ipv4: "10.0.\(number % 3).\(Int.random(in: 1...250, using: &random))")
      }
      let key = OwnerKey(kind: kind, object: made)
      let type: RecordType
      var object = made
      if let held = model[key] {
        type = kind == .pod && Bool.random(using: &random) ? .updated : .released
        if type == .updated {
          object = Sample.pod(
            "p\(number)", node: "n\(number % 3)", ipv4: "10.0.\(number % 3).77",
            origin: Origin(generation: .revision(held.generation), reservedAt: held.reservedAt))
          model[key] = StoredObject(
            kind: kind, object: object, generation: held.generation, reservedAt: held.reservedAt)
        } else {
          object = held.object
          model[key] = nil
        }
      } else {
        type = .reserved
        model[key] = StoredObject(
          kind: kind, object: object, generation: ledger.newestRevision + 1, reservedAt: 1000)
      }
      try ledger.write([Entry(kind: kind, type: type, object: object)])
    }
  }

  /// What a start makes of the state and the tail behind it.
  private func replayed(_ ledger: SQLiteLedger) throws -> Objects {
    var objects: Objects = [:]
    var kinds: [ObjectKind] = []
    for stored in try ledger.state {
      kinds.append(stored.kind)
      let key = OwnerKey(kind: stored.kind, object: stored.object)
      #expect(objects.updateValue(stored, forKey: key) == nil, "an object is read once")
    }
    #expect(kinds == kinds.sorted { order($0) < order($1) })
    for record in try ledger.tail {
      let key = OwnerKey(kind: record.kind, object: record.object)
      #expect((objects[key] == nil) == (record.type == .reserved), "\(record.revision)")
      objects[key] =
        record.isEnd
        ? nil
        : StoredObject(
          kind: record.kind, object: record.object,
          generation: record.origin.generation(in: record.revision),
          reservedAt: record.origin.reservedAt ?? record.time)
    }
    return objects
  }

  private func order(_ kind: ObjectKind) -> Int {
    [.range, .node, .service, .pod].firstIndex(of: kind) ?? 0
  }

  @Test(arguments: [UInt64(1), 2, 3, SeededRandom.seed()])
  func `after every slice, and a crash behind it, a start finds all there is`(
    seed: UInt64
  ) throws {
    var random = SeededRandom(seed: seed)
    let folder = try TemporaryFolder()
    let ledger = try SQLiteLedger.open(at: folder.ledger, options: patient)
    var model: Objects = [:]
    try write(ledger, &model, steps: 60, &random)
    _ = try ledger.derive(atMost: Int.random(in: 0...60, using: &random) + 1)
    var slices = 0
    for _ in 0..<4 {
      try write(ledger, &model, steps: 40, &random)
      var left = ledger.underived
      while left > 8 {
        let size = Int.random(in: 1...8, using: &random)
        left = try ledger.deriveSlice(atMost: size)
        guard ledger.meta.target > 0 else { continue }
        slices += 1
        if slices % 5 == 0 { try write(ledger, &model, steps: 1, &random) }
        guard slices % 4 == 0 else { continue }
        let crashed = try folder.crashed(folder.ledger)
        #expect(
          try OfflineLedger.verify(crashed.ledger).problems.isEmpty, "seed \(seed), \(slices)")
        let reopened = try SQLiteLedger.open(at: crashed.ledger, options: small)
        #expect(try replayed(reopened) == model, "seed \(seed), slice \(slices)")
        let expected = try lines(behind: reopened)
        try reopened.deriveAll()
        #expect(reopened.meta.target == 0)
        #expect(try replayed(reopened) == model, "seed \(seed), slice \(slices)")
        #expect(try reopened.cursorLines == expected)
        reopened.close()
        #expect(try OfflineLedger.verify(crashed.ledger).problems.isEmpty)
      }
    }
    #expect(slices > 20)
    try ledger.deriveAll()
    #expect(try replayed(ledger) == model)
    ledger.close()
    #expect(try OfflineLedger.verify(folder.ledger).problems.isEmpty)
  }

  /// The cursors that the ledger comes to once all is derived: those that are read now, moved by the
  /// tail.
  private func lines(behind ledger: SQLiteLedger) throws -> [String] {
    var places: [String: StoredCursor] = [:]
    func put(_ cursor: StoredCursor) {
      places["\(cursor.node) \(cursor.address.family)"] = cursor
    }
    try ledger.readCursors { put($0) }
    for record in try ledger.tail {
      switch (record.kind, record.type) {
      case (.pod, .reserved):
        let pod = PodObject(record.object)
        for address in pod.addresses.array where address.isAutomatic {
          put(
            StoredCursor(
              node: pod.cursorName, address: address.address, revision: record.revision))
        }
      case (.node, .reserved):
        for block in NodeObject(record.object).podCIDRs {
          put(StoredCursor(node: [], address: block.base, revision: record.revision))
        }
      case (.node, .released):
        let node = NodeObject(record.object).key
        for family in IPFamily.allCases { places["\(node) \(family)"] = nil }
      default: break
      }
    }
    return places.values.map {
      "\(String(decoding: $0.node, as: UTF8.self)) \($0.address) @\($0.revision)"
    }.sorted()
  }

  @Test func `a slice writes no more rows than it may, and the records stay to be replayed`()
    throws
  {
    let folder = try TemporaryFolder()
    let ledger = try SQLiteLedger.open(at: folder.ledger, options: small)
    for index in 1...20 {
      try ledger.reserve(Sample.pod("p\(index)", ipv4: "10.0.0.\(index)"))
    }
    while ledger.meta.target == 0 { #expect(try ledger.deriveSlice(atMost: 5) == 20) }
    #expect(ledger.meta.state.count == 5)
    #expect(try ledger.deriveSlice(atMost: 5) == 20)
    #expect(ledger.meta.state.count == 10)
    // What is asked for at once ends what is under way.
    #expect(try ledger.derive(atMost: 1) == 0)
    #expect(ledger.meta.state.count == 20)
    #expect(ledger.meta.target == 0)
  }

  @Test func `a window that was overtaken while it was read is not applied`() throws {
    let folder = try TemporaryFolder()
    let ledger = try SQLiteLedger.open(at: folder.ledger, options: small)
    let first = Sample.pod("first", ipv4: "10.0.0.100")
    try ledger.reserve(first)
    _ = try ledger.derive(atMost: 1)
    // The stale window would end it twice.
    try ledger.write([Entry(kind: .pod, type: .released, object: first)])
    for index in 1...29 {
      try ledger.reserve(Sample.pod("p\(index)", ipv4: "10.0.0.\(index)"))
    }
    // It begins to be read, and a compaction asks for the state at once.
    #expect(try ledger.deriveSlice(atMost: 2) == 30)
    #expect(try ledger.derive(atMost: 2) == 28)
    var left = 28
    while left > 0 { left = try ledger.deriveSlice(atMost: 2) }
    #expect(ledger.meta.state.count == 29)
    #expect(ledger.meta.derived == 31)
    ledger.close()
    #expect(try OfflineLedger.verify(folder.ledger).problems.isEmpty)
  }

  @Test func `a window that has lost the row of its target is damage`() throws {
    let folder = try TemporaryFolder()
    var ledger: SQLiteLedger? = try SQLiteLedger.open(at: folder.ledger, options: small)
    for index in 1...20 { try ledger?.reserve(Sample.pod("p\(index)")) }
    while ledger?.meta.target == 0 { _ = try ledger?.deriveSlice(atMost: 5) }
    ledger?.close()
    ledger = nil
    let connection = try Connection.open(folder.ledger, .readWrite)
    try connection.execute("DELETE FROM meta WHERE id = 2")
    #expect(throws: LedgerOpenError.self) {
      try SQLiteLedger.open(at: folder.ledger, options: small)
    }
  }
}
