package import Addressing
import Synchronization

extension AddressRange {
  /// The address that is next by the rules of the range's use; nil: exhausted, draining or closed.
  ///
  /// A resting address is taken only when nothing else is free, the oldest first, and not at all
  /// before its time if the quarantine is strict.
  ///
  /// - Parameter passedOn: addresses whose holders give them up in the commit of whoever asks, the
  ///   first one first: as good as free ones, or as resting ones that began to rest last.
  package func claimAutomatic(now: Int64, passedOn: [IPAddress] = []) -> Claim? {
    if nextRestEnd.load(ordering: .relaxed) <= now { endRests(now: now) }
    // Relaxed: a sample that is taken a claim later, or twice, is as good.
    if nextSample.load(ordering: .relaxed) <= now { noteUse(now: now) }
    if passedOn.isEmpty, let claim = claimNext() { return claim }
    let left = passedOn.isEmpty ? [] : passedOn.compactMap(cidr.offset(of:))
    while !refusesClaims, !isDraining, let usable = bitmap.usable {
      // Mostly there are none, and filtering them would make an array for each claim.
      let eligible = left.isEmpty ? left : left.filter { !isRefused($0) }
      guard let choice = choose(in: usable, now: now, eligible) else { return nil }
      if choice.isPassedOn {
        if let start = choice.formerCursor { moveCursor(from: start, to: choice.offset) }
        return Claim(
          cidr.address(at: choice.offset), of: self, rest: nil,
          formerCursor: choice.formerCursor, isPassedOn: true)
      }
      if let claim = makeClaim(
        choice.offset, rest: choice.rest, formerCursor: choice.formerCursor)
      {
        if let start = choice.formerCursor { moveCursor(from: start, to: choice.offset) }
        return claim
      }
      // Excluded between the look and the claim: another one, if the range is not closed.
    }
    return nil
  }

  /// The free address of a pod that comes next before the end of the range: mostly there is one.
  ///
  /// Nil: there is more to look at, if the range is open at all.
  @inline(__always)
  private func claimNext() -> Claim? {
    guard let walk, !refusesClaims, !isDraining else { return nil }
    // Relaxed: it says where to begin to look, the words decide.
    let start = cursor.load(ordering: .relaxed)
    guard start < walk.upperBound else { return nil }
    let next = max(start &+ 1, walk.lowerBound)
    guard let offset = takeFirst(from: UInt128(next), through: UInt128(walk.upperBound)),
      let claim = makeClaim(offset, formerCursor: start)
    else { return nil }
    moveCursor(from: start, to: offset)
    return claim
  }

  /// An offset whose bit was just set, or whose rest was just ended, or one that is passed on.
  private struct Choice {
    let offset: UInt128
    var rest: RestMoment?
    var formerCursor: UInt64?
    var isPassedOn = false
  }

  /// - Parameter left: what is passed on, the first one first.
  private func choose(
    in usable: ClosedRange<UInt128>, now: Int64, _ left: [UInt128]
  ) -> Choice? {
    switch use {
    case .service(let staticBandSize):
      return takeRandom(in: usable, staticBandSize: staticBandSize, left)
    case .pod:
      let last = min(usable.upperBound, UInt128(UInt64.max))
      let pool = usable.lowerBound...last
      // Relaxed: it says where to begin to look, the words decide.
      let start = cursor.load(ordering: .relaxed)
      if quarantine.milliseconds == 0, !left.isEmpty {
        return takeNext(after: start, in: pool, or: left)
      }
      if let offset = takeNext(after: start, in: pool) {
        return Choice(offset: offset, formerCursor: start)
      }
      if let rest = takeOldestRest(now: now) {
        return Choice(offset: rest.offset, rest: rest.moment, formerCursor: start)
      }
      return left.first.map { Choice(offset: $0, formerCursor: start, isPassedOn: true) }
    }
  }

  /// This address.
  package func claim(_ address: IPAddress, now: Int64) -> StaticClaim {
    guard let offset = cidr.offset(of: address) else { return .outside }
    guard bitmap.isUsable(offset) else { return .never }
    guard !refusesClaims else { return .closed }
    guard !isDraining else { return .draining }
    guard !isRefused(offset) else { return .excluded }
    if nextRestEnd.load(ordering: .relaxed) <= now { endRests(now: now) }
    if bitmap.claim(offset) {
      guard let claim = makeClaim(offset) else { return refusesClaims ? .closed : .excluded }
      return .claimed(claim)
    }
    guard !quarantine.isStrict, let rest = takeRest(offset) else { return .taken }
    guard let claim = makeClaim(offset, rest: rest.moment) else {
      return refusesClaims ? .closed : .excluded
    }
    return .claimed(claim)
  }

  /// After a release is durable: the address rests as the quarantine says, or is free.
  package func release(_ address: IPAddress, now: Int64) {
    held.subtract(1, ordering: .relaxed)
    let offset = reservedOffset(address)
    reserved.subtract(1, ordering: .sequentiallyConsistent)
    if quarantine.milliseconds > 0 { rest(offset, since: now) } else { bitmap.release(offset) }
  }

  // MARK: Pods

  private func takeNext(after start: UInt64, in usable: ClosedRange<UInt128>) -> UInt128? {
    let next = min(max(UInt128(start) + 1, usable.lowerBound), usable.upperBound + 1)
    return takeFirst(from: next, through: usable.upperBound)
      ?? takeFirst(from: usable.lowerBound, through: next - 1)
      // The hints say that nothing is free. The words decide.
      ?? takeFirst(
        from: usable.lowerBound, through: usable.upperBound, trustingSummary: false)
  }

  /// The same with what is passed on, which is free where nothing rests.
  private func takeNext(
    after start: UInt64, in usable: ClosedRange<UInt128>, or left: [UInt128]
  ) -> Choice? {
    let next = min(max(UInt128(start) + 1, usable.lowerBound), usable.upperBound + 1)
    for part in [next..<(usable.upperBound + 1), usable.lowerBound..<next] where !part.isEmpty {
      let first = left.filter(part.contains).min()
      let end = first ?? part.upperBound
      if end > part.lowerBound, let offset = takeFirst(from: part.lowerBound, through: end - 1) {
        return Choice(offset: offset, formerCursor: start)
      }
      if let first { return Choice(offset: first, formerCursor: start, isPassedOn: true) }
    }
    // The hints say that nothing is free. The words decide.
    return takeFirst(
      from: usable.lowerBound, through: usable.upperBound, trustingSummary: false
    ).map { Choice(offset: $0, formerCursor: start) }
  }

  /// Moves the cursor on, never back behind a claim that another thread made since `start`.
  ///
  /// Relaxed: the cursor says where to begin to look, the words decide.
  private func moveCursor(from start: UInt64, to offset: UInt128) {
    guard offset <= UInt128(UInt64.max) else { return }
    let mine = UInt64(offset)
    var seen = start
    // Distances forward from `start`, around the end.
    while seen == start || seen &- start < mine &- start {
      let (exchanged, original) = cursor.weakCompareExchange(
        expected: seen, desired: mine, ordering: .relaxed)
      if exchanged { return }
      seen = original
    }
  }

  // MARK: Services

  /// A random start, forward, around the end; first in the dynamic band, then in the static one.
  ///
  /// What is passed on comes last in its band.
  private func takeRandom(
    in usable: ClosedRange<UInt128>, staticBandSize: Int, _ left: [UInt128]
  ) -> Choice? {
    let bands = bands(of: usable, staticBandSize: staticBandSize)
    for band in [bands.dynamicBand, bands.staticBand] {
      if let offset = takeRandom(in: band) { return Choice(offset: offset) }
      if let offset = left.first(where: { band?.contains($0) == true }) {
        return Choice(offset: offset, isPassedOn: true)
      }
    }
    return takeFirst(
      from: usable.lowerBound, through: usable.upperBound, trustingSummary: false
    ).map { Choice(offset: $0) }
  }

  private func takeRandom(in band: ClosedRange<UInt128>?) -> UInt128? {
    guard let band else { return nil }
    let start = band.lowerBound + UInt128(UInt64.random(in: 0..<randomWindow(of: band)))
    return takeFirst(from: start, through: band.upperBound)
      ?? takeFirst(from: band.lowerBound, through: start - 1)
  }

  /// How many of a band's first addresses a random start is drawn from.
  ///
  /// All of them in a range of up to 2^20. In a wider one each start would open a page of its own,
  /// so it is drawn from the first 2^16 and eight more for each address in use: no less than
  /// Kubernetes' own bitmap offers (semantics §8.2), nobody guesses the next address, and a page
  /// serves hundreds of Services.
  private func randomWindow(of band: ClosedRange<UInt128>) -> UInt64 {
    let size = band.upperBound - band.lowerBound
    guard size >= 1 << 20 else { return UInt64(size) + 1 }
    let window = 1 << 16 + 8 * UInt64(max(0, reserved.load(ordering: .relaxed)))
    return UInt64(min(size, UInt128(window)))
  }
}
