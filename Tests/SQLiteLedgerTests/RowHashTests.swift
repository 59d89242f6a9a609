import FaultKit
import Testing

@testable import SQLiteLedger

@Suite struct RowHashTests {
  private func hash(_ bytes: [UInt8], table: UInt64 = 1) -> UInt64 {
    var hash = RowHash(table: table)
    bytes.withUnsafeBytes { hash.add($0) }
    return hash.checksum
  }

  @Test(arguments: [1, 7, 8, 9, 64, 131])
  func `every flipped bit changes the checksum`(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    let expected = hash(bytes)
    for bit in 0..<(8 * count) {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(hash(flipped) != expected)
    }
  }

  @Test func `where a byte string ends is part of the checksum`() {
    func both(_ first: [UInt8], _ second: [UInt8]) -> UInt64 {
      var hash = RowHash(table: 1)
      first.withUnsafeBytes { hash.add($0) }
      second.withUnsafeBytes { hash.add($0) }
      return hash.checksum
    }
    #expect(both([1, 2], [3]) != both([1], [2, 3]))
    #expect(both([], [0]) != both([0], []))
    #expect(hash([]) != hash([0]))
  }

  @Test func `the same row has another checksum in another table`() {
    #expect(hash([1, 2, 3], table: 1) != hash([1, 2, 3], table: 2))
  }

  @Test func `the checksum of version 1 stays what it is`() {
    #expect(hash(Array(0..<20)) == 0xF1A1_C497_E480_7F99)
  }

  @Test(arguments: 0..<34) func `what no whole word is left of counts highest first`(count: Int) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: 200 &+ $0 &* 37) }
    var expected = RowHash(table: 1)
    expected.add(UInt64(count))
    for start in stride(from: 0, to: count, by: 8) {
      let part = bytes[start..<min(start + 8, count)]
      let ordered = part.count == 8 ? part.reversed() : Array(part)
      expected.add(ordered.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
    #expect(hash(bytes) == expected.checksum)
  }

  @Test func `a digest is that of the rows in any order and forgets what was removed`() {
    var left = TableDigest()
    for value in [UInt64(5), 9, .max] { left.insert(value) }
    var right = TableDigest()
    for value in [UInt64.max, 5, 77, 9] { right.insert(value) }
    #expect(left != right)
    right.remove(77)
    #expect(left == right)
    #expect(left.count == 3)
  }
}
