import AddressBitmap
import Addressing
import Policy
import Testing

@testable import Allocation

/// Services that a transaction makes, changes and ends.
@Suite struct TransactionServiceTests {
  private static let external = ServiceSpec(type: "ExternalName", externalName: "example.org")

  @Test func `a fence of before an update of the same transaction does not match`() throws {
    let bench = Bench()
    try bench.transact { try bench.change(.reserve, "s0", into: &$0) }
    #expect(throws: Refusal.self) {
      try bench.transact { batch in
        try bench.change(.update, "s0", Self.external, into: &batch)
        try bench.change(.update, "s0", ifRevision: 1, into: &batch)
      }
    }
    #expect(throws: Refusal.self) {
      try bench.transact { batch in
        try bench.change(.update, "s0", Self.external, into: &batch)
        try bench.releaseService("s0", ifRevision: 1, into: &batch)
      }
    }
    try bench.transact { try bench.change(.update, "s0", Self.external, ifRevision: 1, into: &$0) }
  }

  @Test func `the record of a release has the generation and the time of its reservation`() throws {
    let bench = Bench()
    try bench.transact { batch in
      try bench.change(.reserve, "s0", into: &batch)
      try bench.releaseService("s0", into: &batch)
      try bench.change(.reserve, "s0", into: &batch)
    }
    try bench.transact { batch in
      try bench.change(.update, "s0", Self.external, into: &batch)
      try bench.releaseService("s0", into: &batch)
    }
    let released = bench.ledger.records.filter { $0.type == .released }
    let origins = released.map { ServiceObject.origin($0.object) }
    #expect(
      zip(released, origins).map { $1.generation(in: $0.revision) } == [1, 4], "\(origins)")
    #expect(origins[1].reservedAt == bench.ledger.records[2].time)
  }

  @Test func `who is about to be replaced is seen until it is`() throws {
    let bench = Bench()
    try bench.register("n0")
    for _ in 0..<8 {
      try bench.transact { try bench.change(.reserve, "s0", into: &$0) }
      try bench.reserve(PodRequest())
      var batch = bench.emptyBatch()
      bench.engine.beginTransaction(in: &batch)
      for _ in 0..<4 {
        try bench.releaseService("s0", into: &batch)
        try bench.change(.reserve, "s0", into: &batch)
        try bench.release(PodRequest().target, into: &batch)
        try bench.reserve(PodRequest(), into: &batch)
      }
      bench.engine.endTransaction(in: &batch)
      #expect(bench.get(PodRequest()) != nil)
      let key = ServiceObject.key(namespace: "default", name: "s0")
      #expect(bench.engine.get(.service, key: key) != nil)
      try bench.commit(&batch)
      try bench.transact { batch in
        try bench.releaseService("s0", into: &batch)
        try bench.release(PodRequest().target, into: &batch)
      }
    }
  }

  @Test func `what is given up in the dynamic band comes before the static band`() throws {
    let bench = Bench()
    for index in 0..<14 {
      try bench.transact { try bench.change(.reserve, "s\(index)", into: &$0) }
    }
    let before = try #require(bench.engine.serviceRanges.first?.dynamicBand)
    #expect(before.reserved == 14, "the band is full")
    try bench.transact { batch in
      try bench.releaseService("s5", into: &batch)
      try bench.change(.reserve, "other", into: &batch)
    }
    #expect(bench.engine.serviceRanges.first?.dynamicBand?.reserved == 14)
    #expect(bench.violations == [])
  }
}
