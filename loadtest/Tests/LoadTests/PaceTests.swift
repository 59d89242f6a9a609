import Testing

@testable import ipledger_load

@Suite struct PaceTests {
  @Test func `with a rate each request has its time, however late it is sent`() {
    var timing = PhaseTiming(depth: 1, seconds: 1)
    timing.rate = 1_000
    var pace = Pace(start: 0, timing: timing)
    #expect(pace.time(ofRequestAt: 0) == 0)
    pace.goOn()
    #expect(pace.time(ofRequestAt: 999_999) == nil)
    #expect(pace.due == 1_000_000)
    // The client was held up: the times stay.
    for expected in 1...3 {
      #expect(pace.time(ofRequestAt: 500_000_000) == UInt64(expected) * 1_000_000)
      pace.goOn()
    }
  }

  @Test func `with a rate all whose time was before the end are sent, late ones too`() {
    var timing = PhaseTiming(depth: 1, seconds: 0.01)
    timing.rate = 1_000
    var pace = Pace(start: 0, timing: timing)
    var sent = 0
    while pace.time(ofRequestAt: 5_000_000_000) != nil {
      sent += 1
      pace.goOn()
    }
    #expect(sent == 10)
    #expect(pace.due == nil)
  }

  @Test func `without a rate the time is now, until the end`() {
    let pace = Pace(start: 0, timing: PhaseTiming(depth: 1, seconds: 1, warmUp: 1))
    #expect(pace.due == nil)
    #expect(pace.time(ofRequestAt: 7) == 7)
    #expect(pace.time(ofRequestAt: 1_999_999_999) == 1_999_999_999)
    #expect(pace.time(ofRequestAt: 2_000_000_000) == nil)
  }

  @Test func `free slots come in turn over the connections`() {
    var ring = SlotRing(connections: 2, depth: 2)
    var places: [[Int]] = []
    while let place = ring.pop() { places.append([place.connection, place.slot]) }
    #expect(places == [[0, 0], [1, 0], [0, 1], [1, 1]])
    ring.push(1, 1)
    #expect(ring.pop() == SlotRing.Place(connection: 1, slot: 1))
    #expect(ring.pop() == nil)
  }
}
