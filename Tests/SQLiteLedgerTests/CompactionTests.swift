import Addressing
import FaultKit
import Testing

@testable import Allocation
@testable import SQLiteLedger

/// Records that go, and what stays of them.
@Suite struct CompactionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Pods that come and go on a node; every third stays.
  private static func lives(_ count: Int) -> [Entry] {
    (0..<count).flatMap { index -> [Entry] in
      let pod = Sample.pod("p\(index)", ipv4: "10.0.1.\(2 + index)")
      let reserved = Entry(kind: .pod, type: .reserved, object: pod)
      if index.isMultiple(of: 3) { return [reserved] }
      return [reserved, Entry(kind: .pod, type: .released, object: pod)]
    }
  }

  private func filled() throws -> SQLiteLedger {
    let ledger = try SQLiteLedger.open(at: folder.ledger, options: small)
    try ledger.write([Entry(kind: .node, type: .reserved, object: Sample.node("node-1"))], time: 1)
    try ledger.write(Self.lives(30), time: 5)
    return ledger
  }

  private func reopen(_ ledger: SQLiteLedger) throws -> SQLiteLedger {
    ledger.close()
    // A process that another test is just starting has the lock's file until it runs.
    return try eventually("the lock is free") {
      try? SQLiteLedger.open(at: folder.ledger, options: small)
    }
  }

  private static func compact(
    _ ledger: SQLiteLedger, before limit: UInt64, atMost count: Int = 7
  ) throws -> UInt64 {
    var removed: UInt64 = 0
    while true {
      let step = try ledger.compact(before: limit, atMost: count)
      removed += step.removed
      if step.isDone { return removed }
    }
  }

  private static func problems(_ ledger: SQLiteLedger) throws -> [String] {
    try ledger.deriveAll()
    let census = EngineCensus(
      revision: ledger.newestRevision, objects: try ledger.state, ranges: [])
    return try LedgerReader(path: ledger.path).verify(census).problems
  }

  @Test(arguments: [1, 2, 7, 26, 51, 52] as [UInt64])
  func `state, revisions and the rest of the records stay`(limit: UInt64) throws {
    let ledger = try filled()
    let records = try ledger.tail
    #expect(records.count == 51)
    #expect(try Self.compact(ledger, before: limit) == limit - 1)
    #expect(ledger.oldestRevision == limit)
    try ledger.deriveAll()
    let state = try ledger.state
    let cursors = try ledger.cursorLines
    #expect(state.count == 11)
    #expect(try Self.problems(ledger) == [])
    let again = try reopen(ledger)
    #expect(again.newestRevision == 51 && again.newestTime == 5 && again.oldestRevision == limit)
    #expect(try again.state == state)
    #expect(try again.cursorLines == cursors)
    var back: [LedgerRecord] = []
    try again.readBack(to: .min, endsOnly: false) { back.append($0) }
    #expect(back == records.filter { $0.revision >= limit }.reversed())
    #expect(try Self.problems(again) == [])
    try again.reserve(Sample.pod("new", ipv4: "10.0.1.200"), time: 6)
    #expect(again.newestRevision == 52)
    #expect(try Self.compact(again, before: 99) == 53 - limit)
    try again.reserve(Sample.pod("newer"), time: 7)
    #expect(try Self.problems(again) == [])
    again.close()
  }

  @Test func `ends of removed records are still read back for those that rest`() throws {
    let ledger = try filled()
    var before: [LedgerRecord] = []
    try ledger.readBack(to: 0, endsOnly: true) { before.append($0) }
    #expect(before.count == 20)
    for limit: UInt64 in [20, 52] {
      _ = try Self.compact(ledger, before: limit)
      var after: [LedgerRecord] = []
      try ledger.readBack(to: 0, endsOnly: true) { after.append($0) }
      #expect(after == before)
    }
    try ledger.reserve(Sample.pod("late"), time: 86_400_006)
    _ = try Self.compact(ledger, before: 53)
    var later: [LedgerRecord] = []
    try ledger.readBack(to: 0, endsOnly: true) { later.append($0) }
    #expect(later == [], "what is older than any rest is dropped")
    ledger.close()
  }

  @Test func `who had an address before the oldest record is known`() throws {
    let ledger = try filled()
    _ = try Self.compact(ledger, before: 40)
    let reader = try LedgerReader(path: ledger.path)
    func last(_ address: String, since time: Int64 = 0) throws -> String? {
      let record = try reader.lastBeforeOldest(
        of: try #require(IPAddress(address)), since: time)
      return record.map { "\($0.type) \($0.time)" }
    }
    #expect(try last("10.0.1.2") == "reserved 5")
    #expect(try last("10.0.1.3") == "released 5")
    #expect(try last("10.0.1.3", since: 6) == nil)
    #expect(try last("10.0.1.31") == nil, "its records are kept")
    #expect(try reader.revision(at: 4, newest: 51) == nil)
    #expect(try reader.revision(at: 5, newest: 51) == 51)
    #expect(try reader.time(of: 39) == 5)
    ledger.close()
  }

  @Test func `a crash between two pieces leaves a ledger that goes on`() throws {
    let ledger = try filled()
    try ledger.deriveAll()
    let state = try ledger.state
    for piece in 1...5 as ClosedRange<UInt64> {
      #expect(try ledger.compact(before: 52, atMost: 9).removed == 9)
      let crashed = try folder.crashed(folder.ledger)
      let found = try SQLiteLedger.open(at: crashed.ledger, options: small)
      #expect(found.oldestRevision == piece * 9 + 1)
      #expect(try found.state == state)
      #expect(try Self.problems(found) == [])
      #expect(try Self.compact(found, before: 52) == 51 - piece * 9)
      #expect(try Self.problems(found) == [])
      found.close()
    }
    ledger.close()
  }

  @Test(arguments: [
    "DELETE FROM base WHERE owner = (SELECT max(owner) FROM base)",
    "UPDATE base SET reserved_at = 9 WHERE kind = 3",
    "DELETE FROM record WHERE revision = 30",
  ])
  func `what is missing or changed is found`(sql: String) throws {
    let ledger = try filled()
    _ = try Self.compact(ledger, before: 30)
    #expect(try Self.problems(ledger) == [])
    try Connection.open(ledger.path, .readWrite).execute(sql)
    #expect(try Self.problems(ledger) != [])
    ledger.close()
  }

  @Test(arguments: [
    "UPDATE compaction SET oldest = 31", "DELETE FROM compaction", "DROP TABLE base",
    "DELETE FROM record",
  ])
  func `a ledger that contradicts itself is not opened`(sql: String) throws {
    let ledger = try filled()
    _ = try Self.compact(ledger, before: 30)
    ledger.close()
    let connection = try Connection.open(folder.ledger, .readWrite)
    try connection.execute(sql)
    _ = try connection.checkpoint(3)
    #expect(throws: LedgerOpenError.self) { try SQLiteLedger.open(at: folder.ledger) }
  }

  @Test func `a ledger of the second version is taken over as it is`() throws {
    let first = try filled()
    try first.deriveAll()
    let state = try first.state
    first.close()
    let connection = try Connection.open(folder.ledger, .readWrite)
    try connection.execute(
      """
      DROP VIEW v_record; DROP VIEW v_state; DROP TABLE base; DROP TABLE base_trail;
      DROP TABLE rest; DROP TABLE compaction; PRAGMA user_version = 2
      """)
    _ = try connection.checkpoint(3)
    let second = try eventually("the lock is free") {
      try? SQLiteLedger.open(at: folder.ledger, options: small)
    }
    #expect(try second.state == state)
    #expect(second.oldestRevision == 1)
    #expect(try Self.compact(second, before: 30) == 29)
    #expect(try Self.problems(second) == [])
    let third = try reopen(second)
    #expect(try third.state == state)
    third.close()
  }

  @Test func `views show records and state as text`() throws {
    let ledger = try filled()
    try ledger.deriveAll()
    let connection = try Connection.open(ledger.path, .readOnly)
    let record = """
      SELECT revision || ' ' || time || ' ' || type || ' ' || kind || ' ' || owner || ' ' || actor
      FROM v_record WHERE revision = 4
      """
    let text = try connection.text(record)
    #expect(text == "4 1970-01-01T00:00:00.005Z Released Pod default/web/p1//eth0 cni", "\(text)")
    let state = """
      SELECT kind || ' ' || owner || ' ' || generation || ' ' || reserved_at FROM v_state
      WHERE kind = 'Node'
      """
    #expect(try connection.text(state) == "Node node-1 1 1970-01-01T00:00:00.001Z")
    ledger.close()
  }
}
