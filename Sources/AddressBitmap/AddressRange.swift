package import Addressing
import Synchronization

/// A range that addresses are handed out from: a Service range, or a pod CIDR of a node.
///
/// All methods may be called by any thread at any time; claims and releases take no lock while
/// nothing rests. Times are monotonic milliseconds.
package final class AddressRange: Sendable {
  package enum Use: Sendable {
    /// Random choice in the dynamic band, then in the static band: the first usable addresses
    /// (semantics §8.3). Released addresses are free at once.
    case service(staticBandSize: Int)
    /// The next free address after the one handed out last.
    case pod(reservesGateway: Bool, quarantine: Quarantine)
  }

  package let cidr: CIDR
  let use: Use

  /// The first usable address, when it is reserved and there is one.
  package let gateway: IPAddress?
  let bitmap: SlotBitmap

  /// The offsets that automatic choice of pods walks through; nil: it chooses otherwise.
  let walk: ClosedRange<UInt64>?

  /// Held and claimed; not the resting ones.
  let reserved = Atomic<Int>(0)

  /// Held: claims that were committed.
  let held = Atomic<Int>(0)
  private let isClosed = Atomic(false)
  private let draining = Atomic(false)

  let exclusions = Locked(Exclusions())

  /// Whether anything is refused; written under the lock of `exclusions`.
  let hasExclusions = Atomic(false)

  let uses = Locked(UseWindow())
  /// When the use is sampled next (monotonic milliseconds); written under the lock of `uses`.
  let nextSample = Atomic<Int64>(0)

  /// The offset handed out last by automatic choice, which stays in the first 2^64 offsets.
  let cursor = Atomic<UInt64>(0)

  let rests = Locked(RestQueue())
  /// When the next rest ends; the largest number while nothing rests.
  ///
  /// Written under the lock of `rests`.
  let nextRestEnd = Atomic(Int64.max)

  package init(cidr: CIDR, use: Use) {
    self.cidr = cidr
    self.use = use
    var first: UInt128 = 1
    if case .pod(reservesGateway: true, _) = use { first = 2 }
    let excludedAtEnd: UInt128 = cidr.family == .ipv4 ? 1 : 0
    let last = cidr.lastOffset > excludedAtEnd ? cidr.lastOffset - excludedAtEnd : 0
    gateway = first == 2 && last > 0 ? cidr.address(at: 1) : nil
    bitmap = SlotBitmap(usable: first <= last ? first...last : nil)
    walk =
      if case .pod = use, first <= last {
        UInt64(first)...UInt64(min(last, UInt128(UInt64.max)))
      } else {
        nil
      }
  }

  /// How many addresses could ever be handed out.
  package var capacity: UInt128 {
    bitmap.usable.map { $0.upperBound - $0.lowerBound + 1 } ?? 0
  }

  /// Held and claimed.
  package var reservedCount: Int { reserved.load(ordering: .sequentiallyConsistent) }

  /// Held, without what is claimed and not durable.
  package var heldCount: Int { held.load(ordering: .sequentiallyConsistent) }

  /// Those whose rest has not been seen to end: `endRests(now:)` brings it up to date.
  package var restingCount: Int { rests.withLock { $0.count } }

  var quarantine: Quarantine {
    guard case .pod(_, let quarantine) = use else { return .none }
    return quarantine
  }

  /// Hands out nothing new while true; what is held stays held.
  ///
  /// A claim that has begun before may still come to something.
  package var isDraining: Bool {
    get { draining.load(ordering: .relaxed) }
    set { draining.store(newValue, ordering: .relaxed) }
  }

  /// How the number of reserved addresses has moved lately.
  package func pace(now: Int64) -> UsePace? {
    uses.withLock { $0.pace(reservedCount, now: now) }
  }

  /// Samples the use, when it is time.
  func noteUse(now: Int64) {
    uses.withLock { uses in
      uses.sample(reservedCount, now: now)
      nextSample.store(now + UseWindow.spacing, ordering: .relaxed)
    }
  }

  // MARK: Closing

  /// Refuses claims from now on.
  ///
  /// Closing and claiming never miss each other. A claim counts itself in `reserved`, then looks at
  /// the flag; the closer sets the flag, then looks at `reservedCount`. These four are sequentially
  /// consistent, so they stand in one order: if the claim did not see the flag, its counting
  /// came before the closer's look.
  package func close() { isClosed.store(true, ordering: .sequentiallyConsistent) }

  package func reopen() { isClosed.store(false, ordering: .sequentiallyConsistent) }

  var refusesClaims: Bool { isClosed.load(ordering: .sequentiallyConsistent) }

  /// Counts an address whose bit was just taken, or whose rest was just ended; nil: closed or
  /// excluded meanwhile, and the address is where it was.
  ///
  /// - Parameter formerCursor: for an automatic choice, where the cursor was before.
  @inline(__always)
  func makeClaim(
    _ offset: UInt128, rest: RestMoment? = nil, formerCursor: UInt64? = nil
  ) -> Claim? {
    reserved.add(1, ordering: .sequentiallyConsistent)
    // An offset that has a bit lies inside the block.
    let address = IPAddress(family: cidr.family, value: cidr.base.value &+ offset)
    let claim = Claim(address, of: self, rest: rest, formerCursor: formerCursor)
    // These come last: see `close`. Returning without the claim gives it back.
    if refusesClaims || isRefused(offset) { return nil }
    return claim
  }

  /// A claim came to nothing.
  func giveBack(_ address: IPAddress, rest: RestMoment?) {
    let offset = reservedOffset(address)
    reserved.subtract(1, ordering: .sequentiallyConsistent)
    if let rest { putBack(.init(offset: offset, moment: rest)) } else { bitmap.release(offset) }
  }

  /// An automatic choice came to nothing: the next one begins where it began, unless others have
  /// chosen meanwhile.
  ///
  /// Relaxed: the cursor says where to begin to look, the words decide.
  func returnCursor(from address: IPAddress, to former: UInt64) {
    guard let offset = cidr.offset(of: address), offset <= UInt128(UInt64.max) else { return }
    _ = cursor.compareExchange(
      expected: UInt64(offset), desired: former, ordering: .relaxed)
  }

  func reservedOffset(_ address: IPAddress) -> UInt128 {
    guard let offset = cidr.offset(of: address), bitmap.isUsable(offset) else {
      preconditionFailure("an address goes back to the range it came from")
    }
    return offset
  }
}
