import FaultKit
import Foundation
import Testing

@testable import Allocation
@testable import SQLiteLedger

@Suite struct SQLiteLedgerTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(_ options: LedgerOptions = small) throws -> SQLiteLedger {
    try SQLiteLedger.open(at: folder.ledger, options: options)
  }

  @Test func `an empty ledger has no newest revision and nothing to read`() throws {
    let ledger = try open()
    #expect(ledger.newestRevision == 0)
    #expect(ledger.newestTime == 0)
    #expect(try ledger.tail.isEmpty)
    #expect(try ledger.state.isEmpty)
    #expect(try ledger.cursorLines.isEmpty)
    #expect(try ledger.derive(atMost: 10) == 0)
  }

  @Test func `records of every kind and type come back as they were written`() throws {
    let entries = [
      Entry(kind: .node, type: .reserved, object: Sample.node("node-1"), actor: "controller"),
      Entry(kind: .service, type: .reserved, object: Sample.service("dns"), actor: ""),
      Entry(kind: .pod, type: .reserved, object: Sample.pod("a", ipv4: "10.0.1.2")),
      Entry(kind: .service, type: .updated, object: Sample.service("dns")),
      Entry(
        kind: .pod, type: .released, object: Sample.pod("a", ipv4: "10.0.1.2"),
        actor: String(repeating: "é", count: 200)),
    ]
    let first = try open()
    try first.write(entries, time: 77)
    #expect(first.newestRevision == 5)
    first.close()
    let second = try open()
    let expected = entries.enumerated().map { index, entry in
      LedgerRecord(
        revision: UInt64(index + 1), time: 77, type: entry.type, kind: entry.kind,
        object: entry.object, actor: entry.actor)
    }
    #expect(try second.tail == expected)
    #expect(second.newestRevision == 5)
    #expect(second.newestTime == 77)
  }

  @Test(arguments: [1, 2, 7, 8, 9, 31, 32, 33, 43, 100])
  func `a commit of any number of records is there whole`(count: Int) throws {
    let ledger = try open()
    let entries = (0..<count).map {
      Entry(kind: .pod, type: .reserved, object: Sample.pod("p\($0)", ipv4: "10.0.0.\($0)"))
    }
    try ledger.write(entries)
    try ledger.write(entries)
    #expect(try ledger.tail.map(\.object) == (entries + entries).map(\.object))
    #expect(try ledger.tail.map(\.revision) == Array(1...UInt64(2 * count)))
  }

  @Test func `records of several clients, kinds and times keep their own`() throws {
    let ledger = try open()
    let actors = ["uid:0", "", "uid:1000", String(repeating: "é", count: 99)]
    var expected: [LedgerRecord] = []
    for (time, count) in [64, 3, 33, 1, 1, 64, 40].enumerated() {
      let entries = (0..<count).map { index in
        // Now all of one client, now of several, now in runs.
        let actor = actors[[0, index, index / 9, time][time % 4] % 4]
        let isPod = (index + time) % 5 != 0
        return Entry(
          kind: isPod ? .pod : .node, type: index % 7 == time ? .updated : .reserved,
          object: isPod ? Sample.pod("p\(index)") : Sample.node("n\(index)"), actor: actor)
      }
      expected += entries.enumerated().map { index, entry in
        LedgerRecord(
          revision: ledger.newestRevision + UInt64(index) + 1, time: Int64(time), type: entry.type,
          kind: entry.kind, object: entry.object, actor: entry.actor)
      }
      try ledger.write(entries, time: Int64(time))
    }
    #expect(try ledger.tail == expected)
  }

  @Test func `a record that somebody else has added stops the ledger`() throws {
    let ledger = try open()
    try ledger.write([Entry(kind: .node, type: .reserved, object: Sample.node("node-1"))])
    try ledger.reserve(Sample.pod("a"))
    let other = try Connection.open(ledger.path, .readWrite)
    try other.execute("INSERT INTO record (revision) VALUES (9)")
    #expect(throws: LedgerFailure.self) { try ledger.reserve(Sample.pod("b")) }
    #expect(try other.integer("SELECT count(*) FROM record") == 3)
  }

  @Test func `what was rolled back leaves nothing and its revisions serve again`() throws {
    let ledger = try open()
    var batch = ChangeBatch(observer: NoObserver())
    batch.append(
      Change(kind: .pod, type: .reserved, object: Sample.pod("lost"), actor: "cni"))
    try ledger.begin()
    try ledger.append(batch, firstRevision: 1, time: 1)
    ledger.rollBack()
    ledger.rollBack()
    try ledger.reserve(Sample.pod("kept"))
    try ledger.begin()
    try ledger.append(batch, firstRevision: 2, time: 1)
    ledger.rollBack()
    try ledger.reserve(Sample.pod("kept, too"))
    #expect(try ledger.tail.map(\.object) == [Sample.pod("kept"), Sample.pod("kept, too")])
    #expect(ledger.newestRevision == 2)
  }

  @Test func `several batches share one transaction`() throws {
    let ledger = try open()
    try ledger.begin()
    for revision in UInt64(1)...3 {
      var batch = ChangeBatch(observer: NoObserver())
      batch.append(
        Change(kind: .pod, type: .reserved, object: Sample.pod("p\(revision)"), actor: "cni"))
      try ledger.append(batch, firstRevision: revision, time: 5)
    }
    #expect(ledger.newestRevision == 0)
    #expect(try ledger.tail.isEmpty)
    try ledger.commit()
    #expect(try ledger.tail.count == 3)
  }

  @Test func `reading back starts at the newest and stops before what is too old`() throws {
    let ledger = try open()
    for time in [Int64(10), 20, 30, 40] { try ledger.reserve(Sample.pod("p\(time)"), time: time) }
    try ledger.deriveAll()
    var revisions: [UInt64] = []
    try ledger.readBack(to: 20, endsOnly: false) { revisions.append($0.revision) }
    #expect(revisions == [4, 3, 2])
    revisions = []
    try ledger.readBack(to: 0, endsOnly: false) { revisions.append($0.revision) }
    #expect(revisions == [4, 3, 2, 1])
  }

  @Test func `an error of the reader ends the reading and comes through`() throws {
    let ledger = try open()
    try ledger.write([
      Entry(kind: .pod, type: .reserved, object: Sample.pod("a")),
      Entry(kind: .pod, type: .reserved, object: Sample.pod("b")),
    ])
    var seen = 0
    #expect(throws: LedgerFailure.unknown(cause: "enough")) {
      try ledger.readTail { _ throws(LedgerFailure) in
        seen += 1
        throw .unknown(cause: "enough")
      }
    }
    #expect(seen == 1)
  }

  @Test func `a commit is as durable as SQLite can make it`() throws {
    let connection = try Connection.open(openAndClose(), .readWrite)
    try connection.setSynchronous(.full)
    #expect(try connection.integer("PRAGMA synchronous") == 2)
    try connection.execute("PRAGMA synchronous = NORMAL")
    #expect(throws: LedgerFault.self) { try connection.requireSynchronous(.full) }
  }

  private func openAndClose() throws -> String {
    try open().close()
    return folder.ledger
  }

  @Test func `a probe leaves no record`() throws {
    let ledger = try open()
    try ledger.probe()
    try ledger.reserve(Sample.pod("a"))
    try ledger.probe()
    #expect(try ledger.tail.count == 1)
    #expect(ledger.newestRevision == 1)
  }

  @Test func `the log starts over and stays within its size however long the load lasts`() throws {
    let ledger = try open(LedgerOptions(logBytes: 1 << 20))
    let entries = (0..<50).map {
      Entry(kind: .pod, type: .reserved, object: Sample.pod("p\($0)", ipv4: "10.0.0.\($0)"))
    }
    for _ in 0..<600 { try ledger.write(entries) }
    let statistics = ledger.statistics
    #expect(statistics.logBytes < 2 << 20)
    #expect(statistics.ledgerBytes > 1 << 20)
    #expect(statistics.checkpoints > 3)
    #expect(statistics.failedCheckpoints == 0)
    #expect(try ledger.tail.count == 30_000)
  }

  @Test func `a reading goes on in its snapshot while the writer commits`() throws {
    let ledger = try open()
    for index in 0..<20 { try ledger.reserve(Sample.pod("p\(index)")) }
    var seen = 0
    try ledger.readBack(to: 0, endsOnly: false) { record throws(LedgerFailure) in
      try ledger.reserve(Sample.pod("q\(record.revision)"))
      seen += 1
    }
    #expect(seen == 20)
    #expect(ledger.newestRevision == 40)
  }

  @Test func `files that vanish under an open ledger stop it`() throws {
    let ledger = try open()
    try ledger.reserve(Sample.pod("a"))
    let gone = folder.ledger + ".gone"
    #expect(rename(folder.ledger + "-wal", gone) == 0)
    let failure = #expect(throws: LedgerFailure.self) { try ledger.reserve(Sample.pod("b")) }
    guard case .unknown = failure else {
      Issue.record("\(String(describing: failure)) lets the daemon go on")
      return
    }
  }
}
