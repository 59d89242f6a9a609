import Synchronization

/// Which offsets of a range are taken: a bit each, one atomic word for 64 of them.
///
///     10.96.0.0/20
///
///       .0.0   .0.1 …………………… .1.0   .1.1 ……………………………………… .15.254   .15.255
///     |------|--------------------|-------------------------------|---------|
///       base      static band              dynamic band            broadcast
///     |      |<------------------ usable ----------------------->|          |
///     offset 0    1 … 256                 257 … 4094                4095
///
/// The base is never handed out, the last address of an IPv4 range (the broadcast) neither; for
/// pods the first usable one is the gateway, and there is one band. IPv6 has no broadcast: the last
/// address is usable. Bits of offsets outside `usable` are set from the start, so no search sees
/// them.
///
/// One atomic operation on one word takes an offset, and nothing else does. Above the words stand
/// hints: a bit for each full word of a page (4,096 offsets), a bit for each full page of a group
/// (64 pages). So the next free one is a few loads away at any fill. A range of one page is that
/// page, cut to size; a wider one has a directory, and pages appear on first use.
struct SlotBitmap: ~Copyable, Sendable {
  /// It cannot be copied, so that a look at it counts no reference to the directory.
  enum Storage: ~Copyable {
    case nothing
    case page(Block)
    case directory(PageDirectory)
  }

  /// The offsets that may be taken; nil: none.
  let usable: ClosedRange<UInt128>?
  let storage: Storage

  init(usable: ClosedRange<UInt128>?) {
    self.usable = usable
    guard let usable else {
      storage = .nothing
      return
    }
    if usable.upperBound < UInt128(Page.bitCount) {
      let slotCount = Int(usable.upperBound >> 6) + 1
      let block = Block(slotCount: slotCount)
      for absent in slotCount..<64 { _ = block.raise(absent) }
      Page(block: block, group: nil, slot: 0)
        .fill(number: 0, slotCount: slotCount, usable: usable)
      storage = .page(block)
    } else {
      storage = .directory(PageDirectory(usable: usable))
    }
  }

  deinit {
    switch storage {
    case .page(let block): block.deallocate()
    case .nothing: break
    case .directory: break
    }
  }

  func isUsable(_ offset: UInt128) -> Bool { usable?.contains(offset) ?? false }

  /// Takes an offset, which must be usable; false when it is taken.
  func claim(_ offset: UInt128) -> Bool {
    precondition(isUsable(offset), "only usable offsets are taken")
    switch storage {
    case .nothing: return false
    case .page(let block): return single(block).claim(Int(offset))
    case .directory(let directory): return directory.claim(offset)
    }
  }

  /// Takes the first free offset of an interval of usable ones; nil when hints say there is none,
  /// or, with `trustingSummary` false, when every word does.
  func claimNext(
    from first: UInt128, through last: UInt128, trustingSummary: Bool = true
  ) -> UInt128? {
    guard first <= last else { return nil }
    switch storage {
    case .nothing: return nil
    case .page(let block):
      return single(block).claimNext(
        from: Int(first), through: Int(last), trustingSummary: trustingSummary
      ).map { UInt128($0) }
    case .directory(let directory):
      return directory.claimNext(from: first, through: last, trustingSummary: trustingSummary)
    }
  }

  /// Gives a taken offset back.
  func release(_ offset: UInt128) {
    precondition(isUsable(offset), "only usable offsets are given back")
    switch storage {
    case .nothing: return
    case .page(let block): single(block).release(Int(offset))
    case .directory(let directory): directory.release(offset)
    }
  }

  func isSet(_ offset: UInt128) -> Bool {
    guard isUsable(offset) else { return true }
    switch storage {
    case .nothing: return true
    case .page(let block): return single(block).isSet(Int(offset))
    case .directory(let directory): return directory.isSet(offset)
    }
  }

  /// How many offsets of an interval are taken; costs a look at each word.
  func count(from first: UInt128, through last: UInt128) -> Int {
    switch storage {
    case .nothing: 0
    case .page(let block): single(block).count(from: Int(first), through: Int(last))
    case .directory(let directory): directory.count(from: first, through: last)
    }
  }

  /// How many pages have been opened and not retired; for one page, 1.
  var pageCount: Int {
    switch storage {
    case .nothing: 0
    case .page: 1
    case .directory(let directory): directory.state.withLock { $0.pages.count }
    }
  }

  private func single(_ block: Block) -> Page { Page(block: block, group: nil, slot: 0) }
}
