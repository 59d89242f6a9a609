import Synchronization

extension PageDirectory {
  /// Looks at a few pages, in turn, and retires those that are empty.
  ///
  /// One page is opened for four that are looked at, so at most a third more than those in use
  /// stay open, and the work for a new page is bounded.
  func sweep(_ state: inout State) {
    for _ in 0..<min(4, state.pages.count) {
      if state.hand >= state.pages.count { state.hand = 0 }
      let block = state.pages[state.hand]
      if retire(block) {
        state.pages.swapAt(state.hand, state.pages.count - 1)
        state.pages.removeLast()
        state.sparePages.append(block)
      } else {
        state.hand += 1
      }
    }
  }

  /// Takes an empty page out of its group; false when something is taken in it.
  ///
  /// Each word is filled if it is zero: from then on nobody takes a bit of it, and a bit that was
  /// taken before stops the retirement. The number goes first, so that whoever finds the filled
  /// words (acquiring) also finds that the page stands for nothing, and asks under the lock.
  /// Pages with unusable bits (the first, the last) are never empty in this sense.
  private func retire(_ block: Block) -> Bool {
    guard (0..<64).allSatisfy({ block.word($0) == 0 }) else { return false }
    let number = block.number
    guard let group = findGroup(number >> 6) else { return false }
    let slot = Int(number & 63)
    block.number = Block.nobody
    for sealed in 0..<64 where !block.seal(sealed) {
      let page = Page(block: block, group: group, slot: slot)
      for word in 0..<sealed {
        block.replaceWord(word, with: 0)
        page.noteRoom(word)
      }
      block.number = number
      return false
    }
    group.setChild(nil, in: slot)
    group.lower(slot)
    return true
  }
}
