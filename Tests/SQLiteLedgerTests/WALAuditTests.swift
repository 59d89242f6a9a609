import FaultKit
import Foundation
import Testing

@testable import SQLiteLedger

@Suite struct WALAuditTests {
  private static let frame = LedgerSchema.pageSize + 24

  /// The files after some commits that no checkpoint has seen, as a crash leaves them.
  private func crashedLedger(commits: Int) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let ledger = try SQLiteLedger.open(at: folder.ledger, options: patient)
    for index in 0..<commits { try ledger.reserve(Sample.pod("p\(index)")) }
    let crashed = try folder.crashed(folder.ledger)
    try crashed.trimLog()
    return crashed
  }

  private func open(_ folder: TemporaryFolder) throws -> SQLiteLedger {
    try SQLiteLedger.open(at: folder.ledger, options: small)
  }

  /// Frames and, for each, how many commits the log holds up to it.
  private func commitsUpToFrame(_ log: [UInt8]) -> [Int] {
    var commits = 0
    return stride(from: 32, to: log.count, by: Self.frame).map { start in
      if log[(start + 4)..<(start + 8)].contains(where: { $0 != 0 }) { commits += 1 }
      return commits
    }
  }

  @Test func `a whole log gives every commit back`() throws {
    let folder = try crashedLedger(commits: 12)
    #expect(try folder.bytes("-wal").count >= 12 * Self.frame)
    #expect(try open(folder).newestRevision == 12)
  }

  @Test func `a log torn at any frame opens with the commits before`() throws {
    let folder = try crashedLedger(commits: 6)
    let log = try folder.bytes("-wal")
    let commits = commitsUpToFrame(log)
    let extra = (commits.last ?? 0) - 6
    for (index, count) in commits.enumerated() {
      let end = 32 + (index + 1) * Self.frame
      for cut in [end, end - 1, end - Self.frame + 8, end - 512] {
        let copy = try folder.crashed(folder.ledger)
        try copy.replace("-wal", with: log[0..<cut])
        let expected = max(0, (cut == end ? count : index == 0 ? 0 : commits[index - 1]) - extra)
        let ledger = try open(copy)
        #expect(ledger.newestRevision == UInt64(expected), "cut at \(cut)")
        #expect(try ledger.tail.count == expected)
      }
    }
  }

  @Test func `a flipped bit is refused by frame, or was in the last commit`() throws {
    let seed = SeededRandom.seed()
    var random = SeededRandom(seed: seed)
    let folder = try crashedLedger(commits: 10)
    let log = try folder.bytes("-wal")
    let frames = commitsUpToFrame(log)
    let total = frames.last ?? 0
    var refused = 0
    for _ in 0..<300 {
      let position = Int.random(in: 32..<log.count, using: &random)
      var damaged = log
      damaged[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      let copy = try folder.crashed(folder.ledger)
      try copy.replace("-wal", with: damaged)
      let number = (position - 32) / Self.frame + 1
      let found = try WALAudit.damagedFrame(ofLog: copy.ledger + "-wal")
      if let found {
        refused += 1
        #expect(found == number, "seed \(seed), byte \(position)")
      } else {
        // At most the commit that it is in is lost, and nothing was synced after it.
        let before = number == 1 ? 0 : frames[number - 2]
        #expect(before >= total - 1, "seed \(seed), byte \(position)")
      }
    }
    #expect(refused > 200)
  }

  @Test func `a refused log is named with its frame when the ledger opens`() throws {
    let folder = try crashedLedger(commits: 10)
    var log = try folder.bytes("-wal")
    log[32 + 3 * Self.frame + 1000] ^= 4
    try folder.replace("-wal", with: log)
    let before = try folder.bytes("")
    let error = #expect(throws: LedgerOpenError.self) { try open(folder) }
    guard case .damaged(let path, let place, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(path == folder.ledger + "-wal")
    #expect(place == "frame 4")
    // Nothing was touched: what is there can still be examined.
    #expect(try folder.bytes("") == before)
    #expect(try folder.bytes("-wal") == log)
  }

  @Test(arguments: 0..<32)
  func `any damaged byte of the log's header is refused`(position: Int) throws {
    let folder = try crashedLedger(commits: 3)
    var log = try folder.bytes("-wal")
    log[position] ^= 0x10
    try folder.replace("-wal", with: log)
    #expect(try WALAudit.damagedFrame(ofLog: folder.ledger + "-wal") == 0)
  }

  @Test func `garbage and left-overs are no damage`() throws {
    let folder = try crashedLedger(commits: 5)
    let log = try folder.bytes("-wal")
    var random = SeededRandom(seed: 5)
    let garbage = (0..<20_000).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    let name = folder.ledger + "-wal"
    for bytes in [[], Array(log[0..<20]), garbage, [UInt8](repeating: 0, count: 70_000)] {
      try folder.replace("-wal", with: bytes)
      #expect(try WALAudit.damagedFrame(ofLog: name) == nil)
    }
    try folder.replace("-wal", with: log + garbage)
    #expect(try WALAudit.damagedFrame(ofLog: name) == nil)
    #expect(try open(folder).newestRevision == 5)
  }

  @Test func `both orders of bytes are summed as SQLite sums them`() throws {
    // SQLite writes the order of the machine; the other one is the same sum over swapped words.
    let words: [UInt32] = [1, 2, 3, 0x8000_0001]
    let big = words.flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) }
    }
    let little = words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
    var first = WALChecksum()
    var second = WALChecksum()
    big.withUnsafeBytes { first.add($0, isBigEndian: true) }
    little.withUnsafeBytes { second.add($0, isBigEndian: false) }
    #expect(first == second)
    // s0 = 1, s1 = 3; then s0 = 1 + 3 + 3 = 7, s1 = 3 + 0x80000001 + 7.
    #expect(first == WALChecksum(first: 7, second: 0x8000_000B))
  }

  @Test func `an empty database file with a log is not taken for a new ledger`() throws {
    let folder = try crashedLedger(commits: 3)
    try folder.replace("", with: [])
    let error = #expect(throws: LedgerOpenError.self) { try open(folder) }
    guard case .damaged = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try folder.bytes("-wal").count > 3 * Self.frame)
  }
}
