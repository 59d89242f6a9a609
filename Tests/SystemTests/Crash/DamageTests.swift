import FaultKit
import Foundation
import Testing

/// Ledgers that were damaged behind the daemon's back: refused or whole, never served wrong.
@Suite(.ownThreads) struct DamageTests {
  /// A ledger of `count` acknowledged reservations, each in a commit of its own, and its daemon
  /// gone.
  private static func ledger(
    _ count: Int, killing: Bool
  ) throws -> (daemon: DaemonProcess, pods: [JSON]) {
    let bench = try PodBench()
    for number in 0..<count {
      let answer = try bench.reserve("p\(number)", ["labels": ["number": "\(number)"]])
      guard answer.result != nil else { throw HarnessFailure.ended("\(answer)") }
    }
    let pods = try bench.client.all("pod.list")
    if killing { try bench.daemon.kill() } else { try bench.daemon.stop() }
    return (bench.daemon, pods)
  }

  /// A copy of the ledger and its side files in a folder of its own.
  private static func copy(_ daemon: DaemonProcess) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let names = try FileManager.default.contentsOfDirectory(atPath: daemon.folder.path)
    for name in names where name.hasPrefix("ledger.db") {
      try FileManager.default.copyItem(
        atPath: daemon.folder.file(name), toPath: folder.file(name))
    }
    return folder
  }

  /// What a daemon lists that starts in `folder`; nil when it refuses to start.
  private static func served(in folder: TemporaryFolder) throws -> [JSON]? {
    let daemon = try DaemonProcess.launch(.dual, in: folder)
    do {
      try daemon.waitUntilReady()
    } catch HarnessFailure.ended {
      let status = try daemon.child.waitForExit()
      let text = daemon.child.errorText
      guard case .exited(let number) = status, number != 0, text.contains("ledger") else {
        throw HarnessFailure.ended("it does not say what is wrong, \(status): \(text)")
      }
      return nil
    }
    return try daemon.client().all("pod.list")
  }

  @Test func `a flipped bit in the write-ahead log is refused`() throws {
    let (daemon, pods) = try Self.ledger(60, killing: true)
    let log = try WriteAheadLog(path: daemon.ledgerPath + "-wal")
    try #require(log.commits.count > 10, "\(log.commits.count) commits are in the log")
    #expect(try Self.served(in: try Self.copy(daemon)) == pods, "the copy itself is good")
    // The last commits are left out: damage there cannot be told from a torn write.
    let end = log.commits[log.commits.count - 5]
    let seed = SeededRandom.seed()
    var random = SeededRandom(seed: seed)
    for _ in 0..<8 {
      let frame = log.frames[Int.random(in: 0..<end, using: &random)]
      let offset =
        frame + WriteAheadLog.frameHeaderSize
        + Int.random(in: 0..<log.pageSize, using: &random)
      let folder = try Self.copy(daemon)
      try FileDamage.flipBit(
        of: folder.file("ledger.db-wal"), at: offset, bit: Int.random(in: 0..<8, using: &random))
      let served = try Self.served(in: folder)
      #expect(served == nil, "seed \(seed), byte \(offset): \(served?.count ?? 0) pods")
    }
  }

  @Test func `a flipped bit in the database is refused or does no harm`() throws {
    let (daemon, pods) = try Self.ledger(200, killing: false)
    let size = try FileDamage.size(of: daemon.ledgerPath)
    #expect(try Self.served(in: try Self.copy(daemon)) == pods, "the copy itself is good")
    let seed = SeededRandom.seed()
    var random = SeededRandom(seed: seed)
    for _ in 0..<16 {
      let offset = Int.random(in: 0..<size, using: &random)
      let folder = try Self.copy(daemon)
      try FileDamage.flipBit(
        of: folder.file("ledger.db"), at: offset, bit: Int.random(in: 0..<8, using: &random))
      guard let served = try Self.served(in: folder) else { continue }
      #expect(served == pods, "seed \(seed), byte \(offset) of \(size)")
    }
  }

  @Test func `a log that was cut off loses nothing before the cut`() throws {
    let (daemon, pods) = try Self.ledger(40, killing: true)
    let log = try WriteAheadLog(path: daemon.ledgerPath + "-wal")
    var random = SeededRandom(seed: SeededRandom.seed())
    for _ in 0..<4 {
      let folder = try Self.copy(daemon)
      let frame = log.frames[Int.random(in: 0..<log.frames.count, using: &random)]
      let length = frame + Int.random(in: 0..<log.pageSize, using: &random)
      #expect(truncate(folder.file("ledger.db-wal"), off_t(length)) == 0)
      let served = try #require(try Self.served(in: folder), "a torn end is no damage")
      let names = Set(served.compactMap { $0["name"]?.text })
      let whole = (0..<served.count).map { "p\($0)" }
      #expect(names == Set(whole), "what is there is the beginning")
      #expect(served.allSatisfy { pods.contains($0) })
    }
  }

  @Test func `a refusal names the file that is damaged`() throws {
    let (daemon, _) = try Self.ledger(5, killing: false)
    let folder = try Self.copy(daemon)
    for offset in [0, 17, 4096 + 8] {
      try FileDamage.flipBit(of: folder.file("ledger.db"), at: offset, bit: 3)
    }
    let refused = try DaemonProcess.launch(.dual, in: folder)
    #expect(try refused.child.waitForExit() != .exited(0))
    let text = refused.child.errorText
    #expect(text.contains(folder.file("ledger.db")), "\(text)")
  }

  @Test func `a database cut short is refused`() throws {
    let (daemon, _) = try Self.ledger(200, killing: false)
    let size = try FileDamage.size(of: daemon.ledgerPath)
    for length in [100, size / 2, size - 4096] {
      let folder = try Self.copy(daemon)
      #expect(truncate(folder.file("ledger.db"), off_t(length)) == 0)
      #expect(try Self.served(in: folder) == nil, "\(length) of \(size) bytes")
    }
  }
}
