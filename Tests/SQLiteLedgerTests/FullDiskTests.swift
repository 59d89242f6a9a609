import FaultKit
import Foundation
import Testing

@testable import Allocation
@testable import SQLiteLedger

/// On a small file system of their own; only root can mount one.
@Suite(.enabled(if: Environment.isRoot)) struct FullDiskTests {
  /// A mounted tmpfs, gone with the value.
  private final class SmallDisk {
    let folder: TemporaryFolder

    init(kibibytes: Int) throws {
      folder = try TemporaryFolder()
      guard mount("tmpfs", folder.path, "tmpfs", 0, "size=\(kibibytes)k") == 0 else {
        throw HarnessFailure.system("mount", errno)
      }
    }

    func remount(readOnly: Bool) throws {
      let flags = UInt(MS_REMOUNT) | (readOnly ? UInt(MS_RDONLY) : 0)
      guard mount("tmpfs", folder.path, "tmpfs", flags, nil) == 0 else {
        throw HarnessFailure.system("mount", errno)
      }
    }

    deinit { umount2(folder.path, Int32(MNT_DETACH)) }
  }

  /// Reserves until that fails; answers how.
  private func fill(_ ledger: SQLiteLedger) throws -> LedgerFailure? {
    for index in 0..<10_000 {
      do throws(LedgerFailure) {
        try ledger.write(
          (0..<20).map {
            Entry(kind: .pod, type: .reserved, object: Sample.pod("p\(index)-\($0)"))
          })
      } catch {
        return error
      }
    }
    return nil
  }

  @Test func `a full disk refuses changes cleanly and heals when space returns`() throws {
    let disk = try SmallDisk(kibibytes: 1024)
    let path = disk.folder.ledger
    let ledger = try SQLiteLedger.open(at: path)
    let ballast = try disk.folder.write(String(repeating: "x", count: 300_000), to: "ballast")
    let failure = try #require(try fill(ledger))
    guard case .unavailable = failure else {
      Issue.record("\(failure)")
      return
    }
    let durable = ledger.newestRevision
    #expect(durable > 0)
    // Reads go on.
    #expect(try ledger.tail.count == Int(durable))
    try FileManager.default.removeItem(atPath: ballast)
    try ledger.probe()
    try ledger.reserve(Sample.pod("after"))
    #expect(ledger.newestRevision == durable + 1)
    ledger.close()
    let reopened = try SQLiteLedger.open(at: path)
    #expect(reopened.newestRevision == durable + 1)
    #expect(try reopened.tail.count == Int(durable) + 1)
  }

  @Test func `a crash on a full disk loses nothing that was answered`() throws {
    let disk = try SmallDisk(kibibytes: 768)
    let ledger = try SQLiteLedger.open(at: disk.folder.ledger)
    #expect(try fill(ledger) != nil)
    let crashed = try disk.folder.crashed(disk.folder.ledger)
    let reopened = try SQLiteLedger.open(at: crashed.ledger, options: small)
    #expect(reopened.newestRevision == ledger.newestRevision)
    #expect(try reopened.tail.count == Int(ledger.newestRevision))
  }

  @Test func `a full disk does not keep a crashed ledger from opening`() throws {
    let source = try SmallDisk(kibibytes: 768)
    let ledger = try SQLiteLedger.open(at: source.folder.ledger)
    #expect(try fill(ledger) != nil)
    let crashed = try source.folder.crashed(source.folder.ledger)
    let disk = try SmallDisk(kibibytes: 2048)
    for suffix in ["", "-wal"] {
      try FileManager.default.copyItem(
        atPath: crashed.ledger + suffix, toPath: disk.folder.ledger + suffix)
    }
    // Room for the log's index, and for no more of the database.
    let ballast = open(disk.folder.file("ballast"), O_CREAT | O_WRONLY, 0o600)
    defer { close(ballast) }
    var size = 0
    while posix_fallocate(ballast, off_t(size), 4096) == 0 { size += 4096 }
    ftruncate(ballast, off_t(size - 49_152))
    let reopened = try SQLiteLedger.open(at: disk.folder.ledger, options: small)
    #expect(try reopened.tail.count == Int(ledger.newestRevision))
    guard case .unavailable = try fill(reopened) else {
      Issue.record("the disk was not full")
      return
    }
    ftruncate(ballast, 0)
    try reopened.probe()
    try reopened.reserve(Sample.pod("after"))
  }

  @Test func `a full disk does not pass the probe`() throws {
    let disk = try SmallDisk(kibibytes: 768)
    let ledger = try SQLiteLedger.open(at: disk.folder.ledger)
    var rest = 1 << 20
    let ballast = open(disk.folder.file("ballast"), O_CREAT | O_WRONLY, 0o600)
    defer { close(ballast) }
    while rest > 0, posix_fallocate(ballast, 0, (1 << 20) - rest + 4096) == 0 { rest -= 4096 }
    let failure = #expect(throws: LedgerFailure.self) { try ledger.probe() }
    guard case .unavailable = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    ftruncate(ballast, 0)
    try ledger.probe()
  }

  @Test func `a read-only file system refuses to open`() throws {
    let disk = try SmallDisk(kibibytes: 4096)
    try SQLiteLedger.open(at: disk.folder.ledger).close()
    try disk.remount(readOnly: true)
    let error = #expect(throws: LedgerOpenError.self) {
      try SQLiteLedger.open(at: disk.folder.ledger)
    }
    guard case .unusable = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    try disk.remount(readOnly: false)
    #expect(try SQLiteLedger.open(at: disk.folder.ledger).newestRevision == 0)
  }
}
