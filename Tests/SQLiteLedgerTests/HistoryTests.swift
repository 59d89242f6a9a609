import Addressing
import FaultKit
import Testing

@testable import Allocation
@testable import SQLiteLedger

/// The trail of an address, derived and not derived yet.
@Suite struct HistoryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static func lives(_ count: Int) -> [Entry] {
    (0..<count).flatMap { index -> [Entry] in
      let pod = Sample.pod("p\(index)", ipv4: "10.0.1.\(2 + index % 3)")
      return [
        Entry(kind: .pod, type: .reserved, object: pod),
        Entry(kind: .pod, type: .released, object: pod),
      ]
    }
  }

  private func history(
    _ ledger: SQLiteLedger, _ address: String, through last: UInt64, atMost limit: Int = 1000
  ) throws -> [UInt64] {
    let reader = try LedgerReader(path: ledger.path)
    return try reader.history(
      of: try #require(IPAddress(address)), through: last, atMost: limit
    ).map(\.revision)
  }

  @Test(arguments: [0, 1, 7, 24, 59, 60])
  func `it is the same however much is derived`(derived: Int) throws {
    let ledger = try SQLiteLedger.open(at: folder.ledger, options: small)
    try ledger.write([Entry(kind: .node, type: .reserved, object: Sample.node("node-1"))], time: 1)
    try ledger.write(Self.lives(30), time: 5)
    if derived > 0 { _ = try ledger.derive(atMost: derived) }
    let all: [UInt64] = (0..<10 as Range<UInt64>).flatMap { life in [life * 6 + 2, life * 6 + 3] }
    #expect(try history(ledger, "10.0.1.2", through: 61) == all.reversed())
    #expect(try history(ledger, "10.0.1.2", through: 61, atMost: 3) == [57, 56, 51])
    #expect(try history(ledger, "10.0.1.2", through: 50, atMost: 2) == [50, 45])
    #expect(try history(ledger, "10.0.1.2", through: 1) == [])
    #expect(try history(ledger, "10.0.1.9", through: 61) == [])
    ledger.close()
  }

  @Test func `a moment is the last record that is not later`() throws {
    let ledger = try SQLiteLedger.open(at: folder.ledger, options: small)
    try ledger.write([Entry(kind: .node, type: .reserved, object: Sample.node("node-1"))], time: 10)
    try ledger.write(Self.lives(1), time: 20)
    let reader = try LedgerReader(path: ledger.path)
    let found = try [0, 9, 10, 19, 20, 99].map { try reader.revision(at: $0, newest: 3) }
    #expect(found == [0, 0, 1, 1, 3, 3])
    #expect(try reader.time(of: 3) == 20)
    ledger.close()
  }

  @Test func `a ledger of the first version gets its trail`() throws {
    let first = try SQLiteLedger.open(at: folder.ledger, options: small)
    try first.write([Entry(kind: .node, type: .reserved, object: Sample.node("node-1"))], time: 1)
    try first.write(Self.lives(3), time: 5)
    _ = try first.derive(atMost: 100)
    let state = try first.state
    first.close()
    let connection = try Connection.open(folder.ledger, .readWrite)
    try connection.execute(
      """
      DROP TABLE trail; DROP TABLE base; DROP TABLE base_trail; DROP TABLE rest;
      DROP TABLE compaction; PRAGMA user_version = 1
      """)
    _ = try connection.checkpoint(3)
    // A process that another test is just starting has the lock's file until it runs.
    let second = try eventually("the lock is free") {
      try? SQLiteLedger.open(at: folder.ledger, options: small)
    }
    #expect(try history(second, "10.0.1.2", through: 7) == [3, 2])
    #expect(try second.derive(atMost: 100) == 0)
    #expect(try history(second, "10.0.1.2", through: 7) == [3, 2])
    #expect(try second.state == state)
    second.close()
  }
}
