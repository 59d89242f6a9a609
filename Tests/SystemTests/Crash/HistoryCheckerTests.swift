import FaultKit
import Testing

/// The checker has teeth: each bad history must turn it red, and a good one must not.
@Suite struct HistoryCheckerTests {
  /// Histories in shorthand: time runs with the entries, unless they say otherwise.
  private struct Writer {
    var entries: [HistoryEntry] = []
    private var time: UInt64 = 0

    mutating func add(
      _ owner: String, _ operation: HistoryEntry.Operation, _ outcome: HistoryEntry.Outcome,
      sent: UInt64? = nil, done: UInt64? = nil
    ) {
      time += 10
      entries.append(
        HistoryEntry(
          client: 1, sequence: entries.count + 1, owner: owner, operation: operation,
          sent: sent ?? time, done: done ?? time + 5, outcome: outcome))
    }

    mutating func reserve(
      _ owner: String, _ number: Int, _ revision: Int, existing: Bool = false
    ) {
      add(
        owner, .reserve,
        .reserved(addresses: pair(number), revision: revision, isExisting: existing))
    }

    mutating func release(_ owner: String, _ number: Int, _ revision: Int) {
      add(owner, .release, .released(addresses: pair(number), revision: revision))
    }

    mutating func unknown(_ owner: String, _ operation: HistoryEntry.Operation) {
      add(owner, operation, .unknown)
    }
  }

  private static func pair(_ number: Int) -> [String] { ["10.0.0.\(number)", "fd00::\(number)"] }

  private static func findings(
    _ held: [(String, [String], Int)], newest: Int, _ write: (inout Writer) -> Void
  ) -> [String] {
    var writer = Writer()
    write(&writer)
    let holdings = held.map {
      (owner: $0.0, holding: HeldState.Holding(addresses: $0.1, revision: $0.2))
    }
    return HistoryChecker.findings(
      writer.entries,
      HeldState(holdings: holdings, newestRevision: newest, oldestRevision: 0))
  }

  @Test func `a good history has no findings`() {
    let found = Self.findings(
      [("a", Self.pair(2), 1), ("b", Self.pair(3), 4)], newest: 4
    ) {
      $0.reserve("a", 2, 1)
      $0.reserve("b", 3, 2)
      $0.reserve("a", 2, 1, existing: true)
      $0.release("b", 3, 3)
      $0.add("b", .release, .released(addresses: [], revision: 3))
      $0.add("c", .reserve, .refused)
      $0.reserve("b", 3, 4)
    }
    #expect(found == [])
  }

  @Test func `an unanswered request may have happened or not`() {
    let reserved = { (writer: inout Writer) in
      writer.reserve("a", 2, 1)
      writer.unknown("a", .release)
      writer.unknown("b", .reserve)
    }
    #expect(Self.findings([("a", Self.pair(2), 1)], newest: 1, reserved) == [])
    #expect(Self.findings([], newest: 2, reserved) == [])
    #expect(Self.findings([("b", Self.pair(2), 3)], newest: 3, reserved) == [])
    #expect(
      Self.findings([("a", Self.pair(2), 1), ("b", Self.pair(3), 2)], newest: 2, reserved) == [])
    let repeated = Self.findings([("b", Self.pair(3), 1)], newest: 1) {
      $0.unknown("b", .reserve)
      $0.reserve("b", 3, 1, existing: true)
    }
    #expect(repeated == [])
  }

  @Test func `an acknowledged reservation that is gone is found`() {
    #expect(Self.findings([], newest: 1) { $0.reserve("a", 2, 1) } != [])
    let later = Self.findings([("a", Self.pair(3), 2)], newest: 2) {
      $0.reserve("a", 2, 1)
      $0.reserve("a", 3, 2)
    }
    #expect(later != [], "reserved anew without a release in between")
    let repeated = Self.findings([("a", Self.pair(3), 2)], newest: 2) {
      $0.reserve("a", 2, 1)
      $0.unknown("a", .reserve)
    }
    #expect(repeated != [], "an unanswered repeat does not reserve anew")
  }

  @Test func `a reservation with other addresses or another revision is found`() {
    #expect(Self.findings([("a", Self.pair(3), 1)], newest: 1) { $0.reserve("a", 2, 1) } != [])
    #expect(Self.findings([("a", Self.pair(2), 2)], newest: 2) { $0.reserve("a", 2, 1) } != [])
    let existing = Self.findings([("a", Self.pair(3), 1)], newest: 1) {
      $0.reserve("a", 2, 1)
      $0.reserve("a", 3, 1, existing: true)
    }
    #expect(existing != [])
  }

  @Test func `an acknowledged release that came back is found`() {
    let found = Self.findings([("a", Self.pair(2), 1)], newest: 2) {
      $0.reserve("a", 2, 1)
      $0.release("a", 2, 2)
    }
    #expect(found != [])
  }

  @Test func `two owners of one address at one time are found`() {
    let found = Self.findings([("b", ["10.0.0.2", "fd00::3"], 2)], newest: 3) {
      $0.reserve("a", 2, 1)
      $0.add(
        "b", .reserve,
        .reserved(addresses: ["10.0.0.2", "fd00::3"], revision: 2, isExisting: false))
      $0.release("a", 2, 3)
    }
    #expect(found.contains { $0.contains("held twice") }, "\(found)")
  }

  @Test func `a hold that outlasts the next one is not forgotten`() {
    let found = Self.findings([("a", Self.pair(2), 1), ("c", Self.pair(2), 4)], newest: 4) {
      $0.reserve("a", 2, 1)
      $0.reserve("b", 2, 2)
      $0.release("b", 2, 3)
      $0.reserve("c", 2, 4)
    }
    #expect(found.count { $0.contains("held twice") } == 4, "\(found)")
  }

  @Test func `two owners of one address in the end are found`() {
    let found = Self.findings([("a", Self.pair(2), 1), ("b", Self.pair(2), 2)], newest: 2) {
      $0.unknown("a", .reserve)
      $0.unknown("b", .reserve)
    }
    #expect(found.count == 2, "\(found)")
  }

  @Test func `what nobody asked for is found`() {
    #expect(Self.findings([("ghost", Self.pair(2), 1)], newest: 1) { _ in } != [])
    let refused = Self.findings([("a", Self.pair(2), 1)], newest: 1) {
      $0.add("a", .reserve, .refused)
    }
    #expect(refused != [])
  }

  @Test func `half a pair is found`() {
    let half = ["10.0.0.2"]
    let listed = Self.findings([("a", half, 1)], newest: 1) { $0.unknown("a", .reserve) }
    #expect(listed.contains { $0.contains("not whole") }, "\(listed)")
    let answered = Self.findings([("a", half, 1)], newest: 1) {
      $0.add("a", .reserve, .reserved(addresses: half, revision: 1, isExisting: false))
    }
    #expect(answered.count { $0.contains("not whole") } == 2, "\(answered)")
  }

  @Test func `revisions with a hole, used twice or out of order are found`() {
    let hole = Self.findings([("a", Self.pair(2), 2)], newest: 2) { $0.reserve("a", 2, 2) }
    #expect(hole != [])
    let twice = Self.findings([("a", Self.pair(2), 1), ("b", Self.pair(3), 1)], newest: 1) {
      $0.reserve("a", 2, 1)
      $0.reserve("b", 3, 1)
    }
    #expect(twice.contains { $0.contains("twice") }, "\(twice)")
    let disordered = Self.findings(
      [("a", Self.pair(2), 2), ("b", Self.pair(3), 1)], newest: 2
    ) {
      $0.reserve("a", 2, 2)
      $0.reserve("b", 3, 1)
    }
    #expect(disordered.contains { $0.contains("older than") }, "\(disordered)")
    let lost = Self.findings([("a", Self.pair(2), 5)], newest: 4) { $0.reserve("a", 2, 5) }
    #expect(lost.contains { $0.contains("outside") }, "\(lost)")
  }
}
