import FaultKit
import Foundation
import Testing

@Suite struct OfflineLedgerTests {
  private struct Backup {
    let client: ClientProgram
    let path: String

    init() throws {
      client = try ClientProgram()
      path = client.daemon.folder.file("backup.db")
      try client.expect("node", "register", "n")
      try client.expect("pod", "reserve", "a", "--node", "n", "--ip", "10.244.0.9")
      try client.expect("ledger", "backup", path)
    }

    /// Writes over some bytes of the backup.
    func damage(at place: UInt64) throws {
      let file = try #require(FileHandle(forUpdatingAtPath: path))
      try file.seek(toOffset: place)
      try file.write(contentsOf: Data("damaged".utf8))
      try file.close()
    }
  }

  @Test func `a backup is verified and restored without a daemon, and served by one`() throws {
    let backup = try Backup()
    let client = backup.client
    let verdict = try client.expect("ledger", "verify", "--file", backup.path, "-o", "json")
    #expect(verdict.json?["ok"] == true)
    #expect(verdict.json?["records"]?.int == 2)
    try client.expect("pod", "release", "a")
    try client.daemon.stop()
    let restored = try client.expect(
      "ledger", "restore", backup.path, client.daemon.ledgerPath, "-o", "json")
    #expect(restored.json?["revision"]?.int == 2)
    #expect(restored.json?["setAside"]?[0]?.text == client.daemon.ledgerPath + ".replaced")
    let again = try client.daemon.startAgain()
    #expect(
      try again.client().request("ip.get", ["ip": "10.244.0.9"]).result?["state"]?.text
        == "reserved")
    try again.stop()
    let twice = try client("ledger", "restore", backup.path, client.daemon.ledgerPath)
    #expect(twice.status == .exited(73), "\(twice.errors)")
    #expect(twice.errors.contains("move it away first"))
  }

  @Test func `a ledger that a daemon serves is left alone`() throws {
    let backup = try Backup()
    let ledger = backup.client.daemon.ledgerPath
    for command in [["verify", "--file", ledger], ["restore", backup.path, ledger]] {
      let run = try backup.client.run(["ledger"] + command)
      #expect(run.status == .exited(69), "\(run.errors)")
      #expect(run.errors.contains("held by process \(backup.client.daemon.pid)"), "\(run.errors)")
    }
    #expect(try backup.client.expect("pod", "list").lines.count == 2)
  }

  @Test func `a damaged backup is named so, and replaces nothing`() throws {
    let backup = try Backup()
    let client = backup.client
    let size = try #require(
      FileManager.default.attributesOfItem(atPath: backup.path)[.size] as? UInt64)
    for page in stride(from: UInt64(4_096), to: size, by: 4_096) {
      try backup.damage(at: page + 4_000)
      try backup.damage(at: page)
    }
    let run = try client("ledger", "verify", "--file", backup.path)
    #expect(run.status == .exited(65), "\(run.errors) \(run.output)")
    try client.daemon.stop()
    let before = FileManager.default.contents(atPath: client.daemon.ledgerPath)
    let restore = try client("ledger", "restore", backup.path, client.daemon.ledgerPath)
    #expect(restore.status == .exited(65), "\(restore.errors)")
    #expect(FileManager.default.contents(atPath: client.daemon.ledgerPath) == before)
  }

  @Test func `what is no ledger is said to be none`() throws {
    let client = try ClientProgram()
    let none = try client("ledger", "verify", "--file", "/nowhere/x.db")
    #expect(none.status == .exited(66), "\(none.errors)")
    let text = try client.daemon.folder.write(
      "not a database at all, but long enough for one", to: "x.db")
    let foreign = try client("ledger", "verify", "--file", text)
    #expect(foreign.status == .exited(65), "\(foreign.errors)")
    #expect(foreign.errors.contains("not a ledger of ipledger"), "\(foreign.errors)")
    let empty = try client.daemon.folder.write("", to: "empty.db")
    #expect(try client("ledger", "verify", "--file", empty).status == .exited(65))
    let same = try client("ledger", "restore", text, text)
    #expect(same.status == .exited(73))
  }
}
