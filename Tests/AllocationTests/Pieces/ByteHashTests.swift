import AddressBitmap
import Addressing
import Testing

@testable import Allocation

@Suite struct ByteHashTests {
  private static let hash = ByteHash(seed: 42)

  @Test func `it depends on every byte, on the length and on the seed`() {
    let bytes = (0..<40).map { UInt8($0) }
    for length in 0..<40 {
      let text = Array(bytes[..<length])
      #expect(Self.hash(text.span) == Self.hash(text.span))
      #expect(Self.hash(text.span) != Self.hash((text + [0]).span))
      #expect(Self.hash(text.span) != ByteHash(seed: 43)(text.span))
      for index in text.indices {
        var other = text
        other[index] ^= 1
        #expect(Self.hash(text.span) != Self.hash(other.span))
      }
    }
  }

  @Test func `two strings are told apart from any other split`() {
    let (first, second) = (Array("ab".utf8), Array("c".utf8))
    let (left, right) = (Array("a".utf8), Array("bc".utf8))
    #expect(Self.hash(first.span, second.span) != Self.hash(left.span, right.span))
    #expect(Self.hash(first.span, second.span) != Self.hash(second.span, first.span))
  }

  @Test func `names that differ in a number spread over all shards and slots`() {
    var shards: [UInt32: Int] = [:]
    var slots: Set<UInt32> = []
    for index in 0..<16_000 {
      let name = Array("default\0web-\(index)".utf8)
      let hash = Self.hash(name.span)
      shards[hash >> 28, default: 0] += 1
      slots.insert(hash & 0x3FFF)
    }
    #expect(shards.count == 16)
    for count in shards.values { #expect((800...1_200).contains(count)) }
    // Of 16,384 slots a random hash would fill 10,200.
    #expect(slots.count > 9_500)
  }

  @Test func `spans are compared byte by byte`() {
    let texts = ["", "a", "a\0b", "abcdefgh", "abcdefghi", "abcdefgi", "b"].map { Array($0.utf8) }
    for (index, left) in texts.enumerated() {
      for (other, right) in texts.enumerated() {
        #expect(left.span.equals(right.span) == (index == other))
        #expect(left.span.precedes(right.span) == (index < other))
      }
    }
  }

  @Test func `an address is not its other family's number`() throws {
    let (four, six) = try (ip("0.0.0.9"), ip("::9"))
    #expect(Self.hash(four) != Self.hash(six))
  }
}
