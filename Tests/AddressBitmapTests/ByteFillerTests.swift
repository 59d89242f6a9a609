import Testing

@testable import AddressBitmap

@Suite struct ByteFillerTests {
  @Test func `an array is what was written, the lowest byte first`() {
    let text = Array("text".utf8)
    let bytes = [UInt8](filling: 32) { filler in
      filler.byte(1)
      filler.half(0x0504_0302)
      filler.word(0x0D0C_0B0A_0908_0706)
      filler.append(text.span)
      filler.append([UInt8]().span)
    }
    #expect(bytes == Array(1...13) + text)
    #expect([UInt8](filling: 0) { _ in } == [])
  }

  @Test func `nothing is written behind the room`() async {
    await #expect(processExitsWith: .failure) {
      _ = [UInt8](filling: 4) { filler in for _ in 0..<1_000 { filler.word(7) } }
    }
  }
}
