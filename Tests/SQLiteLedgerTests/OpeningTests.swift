import FaultKit
import Foundation
import Testing

@testable import SQLiteLedger

@Suite struct OpeningTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func error(at path: String? = nil) throws -> LedgerOpenError? {
    #expect(throws: LedgerOpenError.self) {
      try SQLiteLedger.open(at: path ?? folder.ledger, options: small)
    }
  }

  /// Leaves a closed ledger and runs SQL on its file.
  private func ledger(changedBy sql: String...) throws {
    try SQLiteLedger.open(at: folder.ledger, options: small).close()
    let connection = try Connection.open(folder.ledger, .readWrite)
    for statement in sql { try connection.execute(statement) }
    _ = try connection.checkpoint(3)
  }

  @Test func `a second daemon is refused and told who holds the ledger`() throws {
    let ledger = try SQLiteLedger.open(at: folder.ledger, options: small)
    #expect(try error() == .heldBy(pid: getpid(), path: folder.ledger))
    try ledger.reserve(Sample.pod("a"))
    ledger.close()
    #expect(try SQLiteLedger.open(at: folder.ledger, options: small).newestRevision == 1)
  }

  @Test func `a ledger that was dropped without closing can be opened again`() throws {
    for count in UInt64(1)...3 {
      // A process that another test is just starting has the lock's file until it runs.
      let ledger = try eventually("the lock is free") {
        try? SQLiteLedger.open(at: folder.ledger, options: small)
      }
      try ledger.reserve(Sample.pod("p"))
      #expect(ledger.newestRevision == count)
    }
  }

  @Test func `a log that is gone is damage as long as its index is there`() throws {
    let ledger = try SQLiteLedger.open(at: folder.ledger, options: small)
    try ledger.reserve(Sample.pod("p"))
    let crashed = try folder.crashed(folder.ledger)
    try FileManager.default.removeItem(atPath: crashed.ledger + "-wal")
    try crashed.replace("-shm", with: [1, 2, 3])
    #expect(throws: LedgerOpenError.self) { try SQLiteLedger.open(at: crashed.ledger) }
  }

  @Test func `a missing folder is made for its owner alone`() throws {
    let path = folder.file("data") + "/ledger.db"
    let ledger = try SQLiteLedger.open(at: path, options: small)
    var status = stat()
    #expect(stat(folder.file("data"), &status) == 0)
    #expect(status.st_mode & 0o777 == 0o700)
    for suffix in ["", "-wal", "-shm", ".lock"] {
      #expect(stat(path + suffix, &status) == 0)
      #expect(status.st_mode & 0o777 == 0o600, "\(suffix)")
    }
    ledger.close()
  }

  @Test func `a folder that cannot be made is named`() throws {
    let path = folder.file("a") + "/b/ledger.db"
    guard case .unusable(let named, _) = try error(at: path) else {
      Issue.record("opened")
      return
    }
    #expect(named == folder.file("a") + "/b")
  }

  @Test func `a file of another program is refused and left as it is`() throws {
    let path = try folder.write(String(repeating: "no ledger\n", count: 500), to: "ledger.db")
    #expect(try error() == .foreign(path: path))
    #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("no ledger\n"))
  }

  @Test func `a database of another program is refused`() throws {
    let path = folder.ledger
    try folder.replace("", with: [])
    do {
      let connection = try Connection.open(path, .readWrite)
      try connection.execute("CREATE TABLE other (id)")
    }
    #expect(try error() == .foreign(path: path))
  }

  @Test func `a ledger of another application is refused`() throws {
    try ledger(changedBy: "PRAGMA application_id = 7")
    #expect(try error() == .foreign(path: folder.ledger))
  }

  @Test func `a newer schema is refused with both versions`() throws {
    try ledger(changedBy: "PRAGMA user_version = 9")
    #expect(try error() == .newerSchema(path: folder.ledger, found: 9, known: 3))
  }

  @Test func `a missing or changed table is damage`() throws {
    try ledger(changedBy: "DROP TABLE cursor")
    guard case .damaged = try error() else {
      Issue.record("opened")
      return
    }
  }

  @Test func `an operator's own index and view are no damage`() throws {
    try ledger(
      changedBy: "CREATE INDEX by_time ON record (time)", "CREATE VIEW v AS SELECT * FROM state",
      "ANALYZE")
    let ledger = try SQLiteLedger.open(at: folder.ledger, options: small)
    try ledger.reserve(Sample.pod("a"))
  }

  @Test func `messages name the file and say what to do`() {
    let path = "/var/lib/ledger.db"
    let errors: [(LedgerOpenError, String)] = [
      (.heldBy(pid: 42, path: path), "process 42"),
      (.heldBy(pid: nil, path: path), "another process"),
      (.damaged(path: path, place: "frame 7", cause: "why"), "frame 7"),
      (.foreign(path: path), "another path"),
      (.newerSchema(path: path, found: 3, known: 2), "schema 3"),
      (.unusable(path: path, cause: "no space"), "no space"),
    ]
    for (error, part) in errors {
      #expect(error.description.contains(path))
      #expect(error.description.contains(part))
      #expect(!error.description.contains("\n"))
    }
  }
}
