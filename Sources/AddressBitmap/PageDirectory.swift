import Synchronization

/// The pages of a range that is wider than one page, found by number without a lock.
///
/// A table with open addressing leads to groups of 64 pages, a group to its pages. Both appear on
/// first use: made under the lock, published by one releasing store. Readers take no lock: a page
/// that they find shows its number, and a miss is looked at again under the lock.
///
/// Pages that are empty again serve as others (`sweep`), because automatic choice walks through an
/// IPv6 range and never comes back: the pages follow what is held, not what was ever held. So a
/// page may change its meaning under a reader. It cannot while a bit of it is taken: who has set a
/// bit and then finds the number expected owns that address; else the bit is given back at once.
final class PageDirectory: Sendable {
  /// What only the holder of the lock may touch.
  struct State {
    var pages: [Block] = []
    var groups: [Block] = []
    var sparePages: [Block] = []
    var spareGroups: [Block] = []
    /// Grown out of, and maybe still read: together smaller than the one in use.
    var formerTables: [Block] = []
    /// Where the next sweep goes on.
    var hand = 0
  }

  let usable: ClosedRange<UInt128>
  let state = Locked(State())

  /// The address of the table, a block whose number is its slot count, a power of two.
  private let table: Atomic<UInt64>

  /// Odd and random, so that nobody outside can aim at one slot.
  private let seed = UInt64.random(in: .min ... .max) | 1

  init(usable: ClosedRange<UInt128>) {
    self.usable = usable
    let first = Block(slotCount: 4)
    first.number = 4
    table = Atomic(first.address)
  }

  deinit {
    Block(address: table.load(ordering: .acquiring))?.deallocate()
    state.withLock { state in
      for blocks in [
        state.pages, state.groups, state.sparePages, state.spareGroups, state.formerTables,
      ] {
        for block in blocks { block.deallocate() }
      }
    }
  }

  // MARK: Finding

  /// Finds a page without a lock.
  ///
  /// Nil may be wrong, and what is found may change: see the type's comment.
  func find(_ number: UInt128) -> Page? {
    guard let group = findGroup(number >> 6) else { return nil }
    let slot = Int(number & 63)
    guard let block = group.child(slot), block.number == number else { return nil }
    return Page(block: block, group: group, slot: slot)
  }

  func findGroup(_ number: UInt128) -> Block? {
    guard let table = Block(address: table.load(ordering: .acquiring)) else { return nil }
    let mask = Int(table.number) - 1
    var slot = place(of: number) & mask
    while let group = table.child(slot) {
      if group.number == number { return group }
      slot = (slot + 1) & mask
    }
    return nil
  }

  private func place(of number: UInt128) -> Int {
    let folded = UInt64(truncatingIfNeeded: number ^ (number >> 64) &* 0x9E37_79B9_7F4A_7C15)
    return Int((folded &* seed) >> 33)
  }

  // MARK: Opening

  /// The page, made if there is none: what was found without the lock and is not right any more
  /// is right here.
  @discardableResult
  func open(_ number: UInt128) -> Page {
    state.withLock { state in
      let group = openGroup(number >> 6, &state)
      let slot = Int(number & 63)
      if let block = group.child(slot) { return Page(block: block, group: group, slot: slot) }
      sweep(&state)
      let block = state.sparePages.popLast() ?? Block(slotCount: 64)
      let page = Page(block: block, group: group, slot: slot)
      // The number first: whoever sees a cleared word sees that the page is another one.
      block.number = number
      page.fill(number: number, slotCount: 64, usable: usable)
      group.lower(slot)
      group.setChild(block, in: slot)
      state.pages.append(block)
      return page
    }
  }

  private func openGroup(_ number: UInt128, _ state: inout State) -> Block {
    if let group = findGroup(number) { return group }
    guard var table = Block(address: table.load(ordering: .acquiring)) else {
      preconditionFailure("a directory always has a table")
    }
    if state.groups.count * 2 >= Int(table.number) { table = rebuild(table, &state) }
    let group = state.spareGroups.popLast() ?? Block(slotCount: 64)
    group.number = number
    state.groups.append(group)
    insert(group, into: table)
    return group
  }

  private func insert(_ group: Block, into table: Block) {
    let mask = Int(table.number) - 1
    var slot = place(of: group.number) & mask
    while table.child(slot) != nil { slot = (slot + 1) & mask }
    table.setChild(group, in: slot)
  }

  /// Drops groups without pages, then makes room: in place, or in a table twice as large.
  private func rebuild(_ old: Block, _ state: inout State) -> Block {
    let firstEmpty = state.groups.partition { group in
      (0..<64).allSatisfy { group.child($0) == nil }
    }
    for group in state.groups[firstEmpty...] {
      group.number = Block.nobody
      state.spareGroups.append(group)
    }
    state.groups.removeSubrange(firstEmpty...)
    let capacity = Int(old.number)
    var new = old
    if state.groups.count * 4 > capacity {
      new = Block(slotCount: capacity * 2)
      new.number = UInt128(capacity * 2)
      state.formerTables.append(old)
    } else {
      // Readers meanwhile miss what is there, and look again under the lock.
      for slot in 0..<capacity { old.setChild(nil, in: slot) }
    }
    for group in state.groups { insert(group, into: new) }
    table.store(new.address, ordering: .releasing)
    return new
  }
}
