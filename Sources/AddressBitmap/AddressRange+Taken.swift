package import Addressing

extension AddressRange {
  /// Every address whose bit is set: held, claimed or resting.
  ///
  /// It costs what the range has ever used, not its size. Others go on meanwhile: an address that
  /// was taken or released in between may be among them or not.
  package var takenAddresses: [IPAddress] {
    bitmap.takenOffsets.map { cidr.address(at: $0) }
  }
}

extension SlotBitmap {
  /// The usable offsets whose bits are set.
  var takenOffsets: [UInt128] {
    switch storage {
    case .nothing: return []
    case .page(let block): return taken(block, number: 0, slotCount: Int(last >> 6) + 1)
    case .directory(let directory):
      return directory.state.withLock(\.pages).flatMap { block in
        taken(block, number: block.number, slotCount: 64)
      }
    }
  }

  private var last: UInt128 { usable?.upperBound ?? 0 }

  /// A page that became another one meanwhile gives offsets of either.
  private func taken(_ block: Block, number: UInt128, slotCount: Int) -> [UInt128] {
    guard number != Block.nobody else { return [] }
    var offsets: [UInt128] = []
    for slot in 0..<slotCount {
      var word = block.word(slot)
      while word != 0 {
        let offset = number << 12 | UInt128(slot << 6 | word.trailingZeroBitCount)
        if isUsable(offset) { offsets.append(offset) }
        word &= word - 1
      }
    }
    return offsets
  }
}
