import Testing

@testable import AddressBitmap

@Suite struct GrowingBytesTests {
  @Test func `what is added stays in its order however often the room grows`() {
    var bytes = GrowingBytes()
    var expected: [UInt8] = []
    for round in 0..<40 {
      let part = [UInt8](repeating: UInt8(round), count: round * 7 % 90)
      bytes.append(part.span)
      bytes.append(UInt8(round))
      bytes.append("text")
      expected += part + [UInt8(round)] + Array("text".utf8)
    }
    #expect(bytes.array == expected)
    let other = GrowingBytes(expected)
    bytes.append(other)
    #expect(bytes.array == expected + expected)
  }

  @Test func `emptied bytes begin anew`() {
    var bytes = GrowingBytes(Array("first".utf8))
    bytes.removeAll()
    #expect(bytes.array == [])
    bytes.append(contentsOf: [7])
    #expect(bytes.array == [7])
  }
}
