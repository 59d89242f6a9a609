import FaultKit
import Foundation
import Testing

@testable import Allocation
@testable import SQLiteLedger

@Suite struct DamageTests {
  /// Everything that a start and the history read.
  private struct Contents: Equatable {
    var state: [StoredObject] = []
    var cursors: [String] = []
    var tail: [LedgerRecord] = []
    var history: [LedgerRecord] = []
    var newest: UInt64 = 0
  }

  private func contents(_ path: String) throws -> Contents {
    let ledger = try SQLiteLedger.open(at: path, options: small)
    var contents = Contents()
    contents.state = try ledger.state
    contents.cursors = try ledger.cursorLines
    contents.tail = try ledger.tail
    try ledger.readBack(to: 0, endsOnly: false) { contents.history.append($0) }
    contents.newest = ledger.newestRevision
    return contents
  }

  /// A closed ledger with state, cursors, history and a tail.
  private func ledger() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let ledger = try SQLiteLedger.open(at: folder.ledger, options: small)
    try ledger.write([Entry(kind: .node, type: .reserved, object: Sample.node("node-1"))])
    for index in 1...120 {
      try ledger.reserve(
        Sample.pod("pod-\(index)", ipv4: "10.0.1.\(index)", ipv6: "fd00:1::\(index)"))
    }
    try ledger.deriveAll()
    for index in 1...20 {
      try ledger.write([
        Entry(
          kind: .pod, type: .released,
          object: Sample.pod("pod-\(index)", ipv4: "10.0.1.\(index)", ipv6: "fd00:1::\(index)"))
      ])
    }
    ledger.close()
    return folder
  }

  @Test func `a flipped bit in the database is refused or harmless and never served`() throws {
    let seed = SeededRandom.seed()
    var random = SeededRandom(seed: seed)
    let folder = try ledger()
    let bytes = try folder.bytes("")
    let whole = try folder.crashed(folder.ledger)
    let expected = try contents(whole.ledger)
    #expect(expected.history.count == 141)
    var refused = 0
    for _ in 0..<400 {
      let position = Int.random(in: 0..<bytes.count, using: &random)
      var damaged = bytes
      damaged[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      let copy = try TemporaryFolder()
      try copy.replace("", with: damaged)
      do {
        #expect(try contents(copy.ledger) == expected, "seed \(seed), byte \(position)")
      } catch is LedgerOpenError {
        refused += 1
      } catch is LedgerFailure {
        refused += 1
      }
    }
    #expect(refused > 50, "seed \(seed)")
  }

  /// SQL that changes a table behind the ledger's back, and what its refusal names.
  @Test(arguments: [
    ("UPDATE state SET body = zeroblob(30) WHERE kind = 1 AND generation = 9", "revision 9"),
    ("UPDATE state SET generation = 500 WHERE generation = 9", "revision 500"),
    ("UPDATE state SET reserved_at = 1 WHERE generation = 9", "revision 9"),
    ("DELETE FROM state WHERE generation = 9", "table state"),
    ("UPDATE cursor SET address = x'0a000001' WHERE family = 4", "table cursor"),
    ("DELETE FROM cursor WHERE family = 6", "table cursor"),
    ("UPDATE record SET actor = 'eve' WHERE revision = 130", "revision 130"),
    ("UPDATE record SET time = 2 WHERE revision = 130", "revision 130"),
    ("UPDATE record SET type = 2 WHERE revision = 130", "revision 130"),
    ("DELETE FROM record WHERE revision = 130", "revision 130"),
    ("DELETE FROM record WHERE revision = 141", "revision 141"),
    ("DELETE FROM record WHERE revision = 5", "revision 5"),
    ("UPDATE record SET body = x'00' WHERE revision = 5", "revision 5"),
    ("UPDATE meta SET derived = 130", "table meta"),
    ("DELETE FROM meta", "table meta"),
  ])
  func `a row that is not as it was written is refused by its revision`(
    sql: String, place: String
  ) throws {
    let folder = try ledger()
    do {
      let connection = try Connection.open(folder.ledger, .readWrite)
      try connection.execute(sql)
      _ = try connection.checkpoint(3)
    }
    do {
      _ = try contents(folder.ledger)
      Issue.record("served")
    } catch let error as LedgerOpenError {
      #expect(error.description.contains(place))
    } catch LedgerFailure.unknown(let cause) {
      #expect(cause.contains("damaged"))
      #expect(cause.contains(place))
    }
  }

  @Test func `a row that was put back to what it once was is refused`() throws {
    let folder = try TemporaryFolder()
    let ledger = try SQLiteLedger.open(at: folder.ledger, options: small)
    try ledger.reserve(Sample.pod("a", ipv4: "10.0.1.1"))
    try ledger.deriveAll()
    let connection = try Connection.open(folder.ledger, .readWrite)
    try connection.execute("CREATE TABLE saved AS SELECT * FROM state")
    try ledger.write([
      Entry(kind: .pod, type: .updated, object: Sample.pod("a", ipv4: "10.0.1.1"))
    ])
    try ledger.deriveAll()
    #expect(try ledger.state.map(\.generation) == [2])
    // Every row of it verifies by itself.
    try connection.execute("REPLACE INTO state SELECT * FROM saved")
    #expect(throws: LedgerFailure.self) { try ledger.state }
  }

  @Test func `a release of what the state does not have is damage`() throws {
    let folder = try TemporaryFolder()
    let ledger = try SQLiteLedger.open(at: folder.ledger, options: small)
    try ledger.write([Entry(kind: .pod, type: .released, object: Sample.pod("a"))])
    let failure = #expect(throws: LedgerFailure.self) { try ledger.derive(atMost: 10) }
    guard case .unknown = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    // The failed derivation left no transaction open.
    try ledger.reserve(Sample.pod("b"))
  }
}
