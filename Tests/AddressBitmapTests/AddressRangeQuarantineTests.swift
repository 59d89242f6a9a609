import AddressBitmap
import Addressing
import Testing

@Suite struct AddressRangeQuarantineTests {
  /// Six addresses, .2 to .6 and the gateway; all five taken at 0.
  private func fullRange(isStrict: Bool = false) throws -> AddressRange {
    let range = try podRange("10.0.0.0/29", restsFor: 100, isStrict: isStrict)
    #expect(range.next(5).count == 5)
    return range
  }

  @Test func `a released address rests before it is handed out again`() throws {
    let range = try podRange("10.0.0.0/29", restsFor: 100)
    #expect(range.next(1) == ["10.0.0.2"])
    try range.release("10.0.0.2", now: 10)
    #expect(try range.state("10.0.0.2", now: 109) == .resting(since: 10))
    #expect(try range.state("10.0.0.2", now: 110) == .free)
    #expect(range.reservedCount == 0)
    #expect(range.restingCount == 1)
    #expect(range.next(4, now: 20).last == "10.0.0.6")
    #expect(range.next(1, now: 110) == ["10.0.0.2"])
    #expect(range.restingCount == 0)
    #expect(range.reservedCount == 5)
  }

  @Test func `the oldest resting address is taken when nothing else is free`() throws {
    let range = try fullRange()
    for (time, text) in ["10.0.0.5", "10.0.0.3", "10.0.0.4"].enumerated() {
      try range.release(text, now: Int64(10 + time))
    }
    #expect(range.next(4, now: 20) == ["10.0.0.5", "10.0.0.3", "10.0.0.4"])
    #expect(range.restingCount == 0)
  }

  @Test func `those released in one millisecond are taken in the order of their release`() throws {
    let range = try fullRange()
    for text in ["10.0.0.6", "10.0.0.2", "10.0.0.4", "10.0.0.3"] { try range.release(text, now: 9) }
    #expect(range.next(4, now: 9) == ["10.0.0.6", "10.0.0.2", "10.0.0.4", "10.0.0.3"])
  }

  @Test func `an address that was taken and given back rests on where it stood`() throws {
    let range = try fullRange()
    for text in ["10.0.0.6", "10.0.0.2", "10.0.0.4"] { try range.release(text, now: 9) }
    do {
      guard let oldest = range.claimAutomatic(now: 9) else {
        Issue.record("three rest")
        return
      }
      #expect(oldest.address == (try address("10.0.0.6")))
      try range.release("10.0.0.3", now: 9)
    }
    #expect(range.next(4, now: 9) == ["10.0.0.6", "10.0.0.2", "10.0.0.4", "10.0.0.3"])
  }

  @Test func `a strict quarantine is not ended early by anything`() throws {
    let range = try fullRange(isStrict: true)
    try range.release("10.0.0.4", now: 10)
    #expect(range.next(now: 109) == nil)
    #expect(try range.take("10.0.0.4", now: 109) == .taken)
    #expect(try range.state("10.0.0.4", now: 109) == .resting(since: 10))
    #expect(try range.take("10.0.0.4", now: 110) == .claimed)
    try range.release("10.0.0.5", now: 200)
    #expect(range.next(1, now: 300) == ["10.0.0.5"])
  }

  @Test func `a static claim ends a rest`() throws {
    let range = try fullRange()
    try range.release("10.0.0.4", now: 10)
    try range.release("10.0.0.5", now: 11)
    #expect(try range.take("10.0.0.4", now: 20) == .claimed)
    #expect(try range.state("10.0.0.4", now: 20) == .held)
    #expect(range.restingCount == 1)
    #expect(range.reservedCount == 4)
    // Its old rest would end now.
    #expect(range.next(2, now: 110) == ["10.0.0.5"])
    try range.release("10.0.0.4", now: 115)
    #expect(try range.state("10.0.0.4", now: 214) == .resting(since: 115))
    #expect(try range.take("10.0.0.6", now: 214) == .taken)
  }

  @Test func `a rest that a newer one followed does not end it`() throws {
    let range = try fullRange()
    try range.release("10.0.0.3", now: 1)
    try range.release("10.0.0.4", now: 10)
    #expect(try range.take("10.0.0.4", now: 20) == .claimed)
    try range.release("10.0.0.4", now: 50)
    range.endRests(now: 120)
    #expect(try range.state("10.0.0.4", now: 120) == .resting(since: 50))
    #expect(try range.state("10.0.0.3", now: 120) == .free)
    #expect(range.restingCount == 1)
  }

  @Test func `a dropped claim of a resting address rests on with its old time`() throws {
    let range = try fullRange()
    try range.release("10.0.0.4", now: 10)
    try range.release("10.0.0.5", now: 12)
    do {
      guard case .claimed(let claim) = range.claim(try address("10.0.0.4"), now: 20) else {
        Issue.record("a resting address may be claimed")
        return
      }
      let automatic = try required(range.claimAutomatic(now: 20))
      #expect(automatic.address.description == "10.0.0.5")
      #expect(range.state(of: claim.address, now: 20) == .held)
    }
    #expect(try range.state("10.0.0.4", now: 20) == .resting(since: 10))
    #expect(try range.state("10.0.0.5", now: 20) == .resting(since: 12))
    #expect(range.next(2, now: 21) == ["10.0.0.4", "10.0.0.5"])
  }

  @Test func `restored rests may come in any order`() throws {
    let range = try podRange("10.0.0.0/29", restsFor: 100)
    for (text, since) in [("10.0.0.4", 30), ("10.0.0.2", 10), ("10.0.0.6", -50), ("10.0.0.3", 20)] {
      range.restoreResting(try address(text), since: Int64(since))
    }
    #expect(range.restore(try address("10.0.0.5")))
    range.restoreResting(try address("10.0.0.5"), since: 1)
    range.restoreResting(try address("10.0.0.1"), since: 1)
    range.restoreResting(try address("10.0.0.2"), since: 40)
    range.restoreResting(try address("10.0.0.2"), since: 5)
    #expect(range.restingCount == 4)
    #expect(range.reservedCount == 1)
    #expect(range.next(5, now: 49) == ["10.0.0.6", "10.0.0.3", "10.0.0.4", "10.0.0.2"])
  }

  @Test func `rests that ended are counted no longer`() throws {
    let range = try fullRange()
    for text in ["10.0.0.3", "10.0.0.4"] { try range.release(text, now: 10) }
    try range.release("10.0.0.5", now: 20)
    #expect(range.restingCount == 3)
    range.endRests(now: 115)
    #expect(range.restingCount == 1)
    #expect(range.reservedCount == 2)
  }

  @Test func `without a quarantine nothing rests`() throws {
    let range = try podRange("10.0.0.0/29")
    range.restoreResting(try address("10.0.0.2"), since: 0)
    #expect(range.next(1) == ["10.0.0.2"])
    try range.release("10.0.0.2")
    #expect(try range.state("10.0.0.2") == .free)
  }

  @Test func `thousands of rests end oldest first`() throws {
    let range = try podRange("10.0.0.0/20", restsFor: 10_000)
    let offsets = (2..<4095).map { UInt128($0) }.shuffled()
    for (time, offset) in offsets.enumerated() {
      range.restoreResting(range.cidr.address(at: offset), since: Int64(time))
    }
    // Some leave out of turn and come back as the newest.
    for offset in offsets.prefix(500) {
      let address = range.cidr.address(at: offset)
      #expect(try range.take(address.description, now: 5000) == .claimed)
      range.release(address, now: 5000)
    }
    let expected = offsets.dropFirst(500) + offsets.prefix(500)
    let taken = (0..<offsets.count).compactMap { _ in range.next(now: 5001) }
    #expect(taken == expected.map(range.cidr.address(at:)))
  }
}
