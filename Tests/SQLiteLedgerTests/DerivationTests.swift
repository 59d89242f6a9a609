import Addressing
import FaultKit
import Testing

@testable import Allocation
@testable import SQLiteLedger

@Suite struct DerivationTests {
  private let folder: TemporaryFolder
  private let ledger: SQLiteLedger

  init() throws {
    folder = try TemporaryFolder()
    ledger = try SQLiteLedger.open(at: folder.ledger, options: small)
  }

  private func write(
    _ kind: ObjectKind, _ type: RecordType, _ object: PackedObject, time: Int64 = 1000
  ) throws {
    try ledger.write([Entry(kind: kind, type: type, object: object)], time: time)
  }

  @Test func `a derivation says how much is left and goes on from there`() throws {
    for index in 1...10 { try write(.pod, .reserved, Sample.pod("p\(index)")) }
    #expect(try ledger.derive(atMost: 4) == 6)
    #expect(try ledger.state.count == 4)
    #expect(try ledger.tail.map(\.revision) == Array(5...10))
    #expect(try ledger.derive(atMost: 4) == 2)
    #expect(try ledger.derive(atMost: 4) == 0)
    #expect(try ledger.state.count == 10)
    #expect(try ledger.tail.isEmpty)
  }

  @Test func `state is read as nodes, then Services, then pods, each in key order`() throws {
    for name in ["b", "a", "c"] {
      try write(.pod, .reserved, Sample.pod(name))
      try write(.service, .reserved, Sample.service(name))
      try write(.node, .reserved, Sample.node(name))
    }
    try ledger.deriveAll()
    let objects = try ledger.state
    #expect(
      objects.map(\.kind) == [.node, .node, .node, .service, .service, .service, .pod, .pod, .pod])
    #expect(
      objects.map(\.object) == ["a", "b", "c"].map { Sample.node($0) }
        + ["a", "b", "c"].map { Sample.service($0) } + ["a", "b", "c"].map { Sample.pod($0) })
  }

  @Test func `generation and time are the record's own unless it says otherwise`() throws {
    try write(.pod, .reserved, Sample.pod("own"), time: 50)
    try write(.pod, .reserved, Sample.pod("kept"), time: 60)
    try write(
      .pod, .updated, Sample.pod("kept", origin: Origin(generation: .revision(2), reservedAt: 60)),
      time: 70)
    try write(.service, .reserved, Sample.service("dns"), time: 80)
    try write(
      .service, .updated,
      Sample.service("dns", origin: Origin(generation: .before(0), reservedAt: 80)),
      time: 90)
    try ledger.deriveAll()
    let objects = try ledger.state
    #expect(objects.map(\.generation) == [5, 2, 1])
    #expect(objects.map(\.reservedAt) == [80, 60, 50])
  }

  @Test(arguments: [1, 2, 10])
  func `reserved and released in one window or in two leaves nothing`(window: Int) throws {
    try write(.pod, .reserved, Sample.pod("a", ipv4: "10.0.0.1"))
    try write(.pod, .released, Sample.pod("a", ipv4: "10.0.0.1"))
    try write(.pod, .reserved, Sample.pod("b", ipv4: "10.0.0.1"))
    try ledger.deriveAll(window: window)
    #expect(try ledger.state.map(\.object) == [Sample.pod("b", ipv4: "10.0.0.1")])
  }

  @Test func `cursors follow what was chosen and not what was asked for`() throws {
    try write(.node, .reserved, Sample.node("node-1"))
    try write(.node, .reserved, Sample.node("node-2", blocks: ["10.9.0.0/24"], isExplicit: true))
    try write(.pod, .reserved, Sample.pod("a", ipv4: "10.0.1.5", ipv6: "fd00:1::5"))
    try write(.pod, .reserved, Sample.pod("b", ipv4: "10.0.1.6"))
    try write(.pod, .reserved, Sample.pod("c", ipv4: "10.0.1.77", isStatic: true))
    try ledger.deriveAll()
    #expect(
      try ledger.cursorLines == [
        " 10.0.1.0 @1", " fd00:1:: @1", "node-1 10.0.1.6 @4", "node-1 fd00:1::5 @3",
      ])
  }

  @Test(arguments: [1, 100])
  func `an update and a release do not move a cursor back`(window: Int) throws {
    try write(.pod, .reserved, Sample.pod("a", ipv4: "10.0.1.5"))
    try write(.pod, .reserved, Sample.pod("b", ipv4: "10.0.1.6"))
    try write(.pod, .updated, Sample.pod("a", ipv4: "10.0.1.5"))
    try write(.pod, .released, Sample.pod("b", ipv4: "10.0.1.6"))
    try ledger.deriveAll(window: window)
    #expect(try ledger.cursorLines == ["node-1 10.0.1.6 @2"])
  }

  @Test(arguments: [1, 3, 100])
  func `a released node takes its pods' cursors with it`(window: Int) throws {
    try write(.node, .reserved, Sample.node("node-1"))
    try write(.pod, .reserved, Sample.pod("a", ipv4: "10.0.1.5"))
    try write(.pod, .released, Sample.pod("a", ipv4: "10.0.1.5"))
    try write(.node, .released, Sample.node("node-1"))
    try ledger.deriveAll(window: window)
    #expect(try ledger.cursorLines == [" 10.0.1.0 @1", " fd00:1:: @1"])
    try write(.node, .reserved, Sample.node("node-1", blocks: ["10.0.2.0/24"]))
    try write(.pod, .reserved, Sample.pod("a", ipv4: "10.0.2.1"))
    try ledger.deriveAll(window: window)
    #expect(try ledger.cursorLines == [" 10.0.2.0 @5", " fd00:1:: @1", "node-1 10.0.2.1 @6"])
  }

  @Test(arguments: [UInt64(1), 2, 3, SeededRandom.seed()])
  func `any history derives to what a plain replay of it holds`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var model: [String: StoredObject] = [:]
    for step in 0..<60 {
      var entries: [Entry] = []
      let first = ledger.newestRevision + 1
      let time = Int64(step * 10)
      for index in 0..<Int.random(in: 1...12, using: &random) {
        let name = "pod-\(Int.random(in: 0..<15, using: &random))"
        let address = "10.0.0.\(Int.random(in: 1...250, using: &random))"
        let object: PackedObject
        let type: RecordType
        if let held = model[name] {
          type = Bool.random(using: &random) ? .released : .updated
          let origin = Origin(generation: .revision(held.generation), reservedAt: held.reservedAt)
          object = type == .released ? held.object : Sample.pod(name, ipv4: address, origin: origin)
          model[name] = type == .released ? nil : held
          model[name]?.object = object
        } else {
          type = .reserved
          object = Sample.pod(name, ipv4: address)
          model[name] = StoredObject(
            kind: .pod, object: object, generation: first + UInt64(index), reservedAt: time)
        }
        entries.append(Entry(kind: .pod, type: type, object: object))
      }
      try ledger.write(entries, time: time)
      guard Bool.random(using: &random) else { continue }
      _ = try ledger.derive(atMost: Int.random(in: 1...40, using: &random))
    }
    try ledger.deriveAll(window: 7)
    let expected = model.sorted {
      $0.value.object.bytes.lexicographicallyPrecedes($1.value.object.bytes)
    }
    let byKey = try ledger.state.sorted {
      $0.object.bytes.lexicographicallyPrecedes($1.object.bytes)
    }
    #expect(byKey == expected.map(\.value), "seed \(seed)")
  }
}
