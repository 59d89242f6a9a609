import FaultKit

/// One update of a table: what stands, what is sent, and what must come of it.
struct ServiceUpdateCase: Sendable {
  let what: String
  let stored: JSON
  let update: JSON
  let expected: ServiceExpectation

  /// How many of the stored addresses, from the first on, must still be there afterwards.
  let kept: Int

  init(
    _ what: String, stored: JSON, update: JSON, _ expected: ServiceExpectation, kept: Int = 0
  ) {
    self.what = what
    self.stored = stored
    self.update = update
    self.expected = expected
    self.kept = kept
  }
}

extension ServiceBench {
  /// Makes each row's Service, updates it, and records what is not as the table says.
  ///
  /// A refused update has changed nothing; one that went through says what it released.
  func run(_ cases: [ServiceUpdateCase]) throws {
    for row in cases {
      let name = newName()
      let before = try send("service.reserve", name, row.stored)
      let plain = ServiceCase(row.what, row.update, row.expected)
      guard before.result != nil else {
        report(plain, "the Service to update was refused", before)
        continue
      }
      let answer = try send("service.update", name, row.update)
      report(plain, Self.mismatch(answer, row.expected), answer)
      let after = try client.request(
        "service.get", ["namespace": "t", "name": .string(name)])
      report(plain, Self.mismatch(row, before, answer, after), answer)
      try release(name)
    }
  }

  private static func mismatch(
    _ row: ServiceUpdateCase, _ before: Answer, _ answer: Answer, _ after: Answer
  ) -> String? {
    guard let result = answer.result else {
      let isSame = after.result?["spec"] == before.result?["spec"]
      return isSame && after.revision == before.revision ? nil : "changed to \(after)"
    }
    let old = addresses(before)
    let new = addresses(answer)
    guard after.result?["spec"] == result["spec"] else { return "service.get says \(after)" }
    guard new.prefix(row.kept) == old.prefix(row.kept) else { return "kept of \(old): \(new)" }
    guard let released = result["released"]?.strings else { return "no released" }
    let gone = old.filter { !new.contains($0) }
    return released == gone ? nil : "released \(released) and not \(gone)"
  }

  static func addresses(_ answer: Answer) -> [String] {
    (answer.result?["spec"]?["clusterIPs"]?.strings ?? []).filter { $0 != "None" }
  }
}
