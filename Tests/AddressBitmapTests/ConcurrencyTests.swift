import AddressBitmap
import Addressing
import Synchronization
import Testing

/// Who holds what, kept beside the range: a second holder of an address is seen at once.
final class Witness: Sendable {
  private let holders: Locked<[IPAddress: Int]> = Locked([:])
  private let faults = Tally()

  func took(_ address: IPAddress, _ thread: Int) {
    let other = holders.withLock { $0.updateValue(thread, forKey: address) }
    if other != nil { fault() }
  }

  func gives(_ address: IPAddress) {
    _ = holders.withLock { $0.removeValue(forKey: address) }
  }

  func fault() { faults.add() }

  var count: Int { holders.withLock { $0.count } }
  var faultCount: Int { faults.count }
}

/// A number that threads add to.
final class Tally: Sendable {
  private let value: Atomic<Int>

  init(_ value: Int = 0) { self.value = Atomic(value) }

  var count: Int { value.load(ordering: .relaxed) }

  func add(_ number: Int = 1) { value.add(number, ordering: .relaxed) }
}

@Suite struct ConcurrencyTests {
  @Test(arguments: [
    "10.0.0.0/25", "10.0.0.0/22", "10.0.0.0/19", "fd00::/121", "fd00::/115",
  ])
  func `threads never hold one address twice and reach the capacity`(text: String) throws {
    let range = try podRange(text, restsFor: 3)
    let witness = Witness()
    onThreads(6) { thread in
      var mine: [IPAddress] = []
      for step in 0..<4000 {
        if step % 3 != 2, let claim = range.claimAutomatic(now: Int64(step)) {
          let address = claim.address
          witness.took(address, thread)
          if step % 5 == 0 {
            witness.gives(address)
          } else {
            claim.commit()
            mine.append(address)
          }
        } else if let address = mine.popLast() {
          witness.gives(address)
          range.release(address, now: Int64(step))
        }
      }
      while let address = mine.popLast() {
        witness.gives(address)
        range.release(address, now: 4000)
      }
    }
    #expect(witness.faultCount == 0)
    #expect(range.reservedCount == 0)
    onThreads(6) { thread in
      while let address = range.next(now: 10_000) { witness.took(address, thread) }
    }
    #expect(witness.faultCount == 0)
    #expect(witness.count == Int(range.capacity))
    #expect(range.reservedCount == Int(range.capacity))
    #expect(range.restingCount == 0)
  }

  @Test func `one of many threads gets an address that all ask for`() throws {
    let range = try podRange("fd00::/64")
    for round in 0..<200 {
      let address = range.cidr.address(at: UInt128(round) * 5000 + 7)
      let winners = Tally()
      let losers = Tally()
      onThreads(4) { _ in
        switch range.claim(address, now: 0) {
        case .claimed(let claim):
          winners.add()
          claim.commit()
        case .taken: losers.add()
        default: break
        }
      }
      #expect(winners.count == 1)
      #expect(losers.count == 3)
      range.release(address, now: 0)
    }
  }

  @Test func `pages that come and go under the threads lose and double nothing`() throws {
    let range = try podRange("fd00::/64")
    let witness = Witness()
    onThreads(4) { thread in
      var random = SystemRandomNumberGenerator()
      for _ in 0..<10_000 {
        // An address of this thread's own, in a page that all threads open and leave.
        let page = UInt128(UInt8.random(in: 1...6, using: &random)) << 30
        let own = range.cidr.address(at: page + UInt128(thread))
        if case .claimed(let claim) = range.claim(own, now: 0) {
          witness.took(own, thread)
          witness.gives(own)
          _ = consume claim
        } else {
          witness.fault()
        }
      }
    }
    #expect(witness.faultCount == 0)
    #expect(range.reservedCount == 0)
  }

  @Test func `a cursor that marches through pages hands out each address once`() throws {
    let range = try podRange("fd00::/64")
    let witness = Witness()
    onThreads(4) { thread in
      var held: [IPAddress] = []
      for _ in 0..<15_000 {
        guard let address = range.next() else { return witness.fault() }
        witness.took(address, thread)
        held.append(address)
        if held.count > 20 {
          let oldest = held.removeFirst()
          witness.gives(oldest)
          range.release(oldest, now: 0)
        }
      }
    }
    #expect(witness.faultCount == 0)
    #expect(range.reservedCount == 80)
  }

  @Test func `a claim and a close never miss each other`() throws {
    for _ in 0..<300 {
      let range = try podRange("10.0.0.0/28")
      let got = Tally()
      let seen = Tally()
      onThreads(3) { thread in
        if thread == 0 {
          range.close()
          seen.add(range.reservedCount)
        } else if let claim = range.claimAutomatic(now: 0) {
          got.add()
          claim.commit()
        }
      }
      // The closer saw every claim that went through; it may also have seen one that backed out.
      #expect(seen.count >= got.count)
      #expect(range.reservedCount == got.count)
    }
  }
}
