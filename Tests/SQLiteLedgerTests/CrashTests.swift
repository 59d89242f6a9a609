import Allocation
import FaultKit
import Testing

@testable import SQLiteLedger

@Suite struct CrashTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a crash at any moment leaves every commit that was answered`() throws {
    let ledger = try SQLiteLedger.open(at: folder.ledger, options: small)
    for count in 1...60 {
      try ledger.reserve(Sample.pod("p\(count)", ipv4: "10.0.0.\(count)"))
      if count % 9 == 0 { _ = try ledger.derive(atMost: 4) }
      guard count % 5 == 0 else { continue }
      let crashed = try folder.crashed(folder.ledger)
      let reopened = try SQLiteLedger.open(at: crashed.ledger, options: small)
      #expect(reopened.newestRevision == UInt64(count))
      let derived = try reopened.state.count
      #expect(try reopened.tail.map(\.revision) == (1...UInt64(count)).suffix(count - derived))
      try reopened.deriveAll()
      #expect(try reopened.state.count == count)
    }
  }

  @Test func `an open transaction is gone after a crash`() throws {
    let ledger = try SQLiteLedger.open(at: folder.ledger, options: small)
    try ledger.reserve(Sample.pod("a"))
    var batch = ChangeBatch(observer: NoObserver())
    for index in 0..<500 {
      batch.append(
        Change(kind: .pod, type: .reserved, object: Sample.pod("q\(index)"), actor: "cni"))
    }
    try ledger.begin()
    try ledger.append(batch, firstRevision: 2, time: 1)
    let crashed = try folder.crashed(folder.ledger)
    let reopened = try SQLiteLedger.open(at: crashed.ledger, options: small)
    #expect(reopened.newestRevision == 1)
    ledger.rollBack()
  }

  @Test func `what a start shows is in the database file before it serves`() throws {
    let ledger = try SQLiteLedger.open(at: folder.ledger, options: patient)
    for count in 0..<20 { try ledger.reserve(Sample.pod("p\(count)")) }
    let crashed = try folder.crashed(folder.ledger)
    let reopened = try SQLiteLedger.open(at: crashed.ledger, options: patient)
    // A second crash that loses the log loses nothing.
    let bare = try crashed.crashed(crashed.ledger)
    try bare.replace("-wal", with: [])
    #expect(try SQLiteLedger.open(at: bare.ledger, options: patient).newestRevision == 20)
    #expect(reopened.newestRevision == 20)
  }

  @Test func `closing empties the log into the database file`() throws {
    let ledger = try SQLiteLedger.open(at: folder.ledger, options: small)
    for count in 0..<20 { try ledger.reserve(Sample.pod("p\(count)")) }
    ledger.close()
    #expect(try folder.bytes("-wal").isEmpty)
    ledger.close()
    #expect(try SQLiteLedger.open(at: folder.ledger).newestRevision == 20)
  }
}
