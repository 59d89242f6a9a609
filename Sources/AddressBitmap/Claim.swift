package import Addressing
import Synchronization

/// An address taken in memory and not yet durable.
///
/// `commit()` keeps it. Dropping it gives it back: to the free ones, or to its rest, with the time
/// of its release as it was.
///
///     guard let claim = range.claimAutomatic(now: now) else { return .exhausted }
///     // An error thrown from here on gives the address back.
///     try write(claim.address)
///     claim.commit()
package struct Claim: ~Copyable, Sendable {
  package let address: IPAddress

  /// Of the rest that it was taken out of.
  private let rest: RestMoment?

  /// Where automatic choice stood before, which goes back there with the address.
  private let formerCursor: UInt64?

  /// Whether it stays taken whatever becomes of the claim.
  package let isPassedOn: Bool
  private var range: AddressRange?

  init(
    _ address: IPAddress, of range: AddressRange, rest: RestMoment?, formerCursor: UInt64?,
    isPassedOn: Bool = false
  ) {
    self.address = address
    self.rest = rest
    self.formerCursor = formerCursor
    self.isPassedOn = isPassedOn
    self.range = range
  }

  /// An address that its holder passes on to another one in the same commit: it stays taken, and
  /// counted, whatever becomes of the claim.
  package init(passedOn address: IPAddress) {
    self.address = address
    rest = nil
    formerCursor = nil
    isPassedOn = true
    range = nil
  }

  /// Whether the automatic choice of pods goes on behind it.
  package var movesCursor: Bool { formerCursor != nil }

  deinit {
    if !isPassedOn { range?.giveBack(address, rest: rest) }
    if let formerCursor { range?.returnCursor(from: address, to: formerCursor) }
  }

  package consuming func commit() {
    if !isPassedOn { range?.held.add(1, ordering: .relaxed) }
    range = nil
  }
}

/// What came of asking for one address.
package enum StaticClaim: ~Copyable, Sendable {
  case claimed(Claim)
  /// Held, or claimed, or resting in a range whose quarantine is strict.
  case taken
  /// The network, the broadcast or the gateway address.
  case never
  case outside
  case closed
  /// The range hands out nothing new.
  case draining
  /// Taken out of the range.
  case excluded
}

/// What an address of a range is doing.
package enum AddressState: Sendable, Equatable {
  case free
  /// Reserved, or claimed for a reservation that is not durable yet.
  case held
  /// Released at this time (monotonic milliseconds), and not to be handed out again yet.
  case resting(since: Int64)
  /// Nobody has it, and it was taken out of the range.
  case excluded
  /// The network, the broadcast or the gateway address.
  case never
  case outside
}

/// How long a released address rests before it is handed out again.
package struct Quarantine: Sendable, Equatable {
  /// Nothing rests.
  package static let none = Quarantine(milliseconds: 0, isStrict: false)

  /// 0: no rest.
  package let milliseconds: Int64

  /// Nothing ends a rest early, not even a full range.
  package let isStrict: Bool

  package init(milliseconds: Int64, isStrict: Bool) {
    precondition(milliseconds >= 0, "a rest lasts some time or none")
    self.milliseconds = milliseconds
    self.isStrict = isStrict
  }
}
