/// Compares what clients heard with what the daemon holds in the end.
///
/// What must hold: every acknowledged change is there; no address has two owners at any instant;
/// nothing is there that nobody asked for; every reservation has all its families; revisions have
/// no hole and are never used twice. A request without an answer may have happened, or not.
package struct HistoryChecker {
  private let history: [HistoryEntry]
  private let state: HeldState
  private let familyCount: Int
  private var findings: [String] = []

  /// - Parameter familyCount: how many addresses every reservation has.
  package init(_ history: [HistoryEntry], _ state: HeldState, familyCount: Int = 2) {
    self.history = history.sorted { $0.sent < $1.sent }
    self.state = state
    self.familyCount = familyCount
  }

  /// Everything that does not hold; empty is good.
  package static func findings(
    _ history: [HistoryEntry], _ state: HeldState, familyCount: Int = 2
  ) -> [String] {
    var checker = HistoryChecker(history, state, familyCount: familyCount)
    checker.checkOwners()
    checker.checkInstants()
    checker.checkEnd()
    checker.checkWholeness()
    checker.checkRevisions()
    return checker.findings
  }

  /// What an owner may hold, as far as its client can know.
  private struct Possible {
    /// Whether it may hold nothing.
    var nothing = true

    /// A holding that was acknowledged and may still be there.
    var known: HeldState.Holding?

    /// A reserve without an answer may have given it something.
    var something = false

    func allows(_ holding: HeldState.Holding?) -> Bool {
      guard let holding else { return nothing }
      return something || known == holding
    }
  }

  private mutating func checkOwners() {
    let byOwner = Dictionary(grouping: history, by: \.owner)
    let held = Dictionary(state.holdings.map { ($0.owner, $0.holding) }) { first, _ in first }
    for (owner, entries) in byOwner.sorted(by: { $0.key < $1.key }) {
      var possible = Possible()
      for entry in entries { follow(entry, &possible) }
      if !possible.allows(held[owner]) {
        let last = entries.last.map { "\($0)" } ?? ""
        findings.append("\(owner) holds \(Self.text(held[owner])), but: \(last)")
      }
    }
    for owner in held.keys.sorted() where byOwner[owner] == nil {
      findings.append("\(owner) is held, and nobody asked for it")
    }
  }

  private mutating func follow(_ entry: HistoryEntry, _ possible: inout Possible) {
    switch (entry.operation, entry.outcome) {
    case (_, .refused): break
    // What is surely held is not reserved anew.
    case (.reserve, .unknown): if possible.nothing { possible.something = true }
    case (.release, .unknown): possible.nothing = true
    case (_, .reserved(let addresses, let revision, let isExisting)):
      let holding = HeldState.Holding(addresses: addresses, revision: revision)
      if isExisting, !possible.allows(holding) {
        findings.append("another reservation than was acknowledged: \(entry)")
      }
      if !isExisting, !possible.nothing {
        findings.append("a reservation that was acknowledged is gone: \(entry)")
      }
      possible = Possible(nothing: false, known: holding)
    case (_, .released(let addresses, _)):
      let isAllowed =
        addresses.isEmpty
        ? possible.nothing : possible.something || possible.known?.addresses == addresses
      if !isAllowed { findings.append("a release of something else than was held: \(entry)") }
      possible = Possible()
    }
  }

  private static func text(_ holding: HeldState.Holding?) -> String {
    holding.map { "\($0.addresses) since \($0.revision)" } ?? "nothing"
  }

  /// A time in which an owner surely held an address.
  private struct Hold {
    let owner: String
    let start: UInt64
    let end: UInt64
    let entry: HistoryEntry
  }

  /// From the answer to a reserve to the sending of the next release, an owner surely holds its
  /// addresses: no such times of two owners may overlap.
  private mutating func checkInstants() {
    for (address, holds) in sureHolds() {
      var latest: Hold?
      for hold in holds.sorted(by: { $0.start < $1.start }) {
        if let before = latest, before.owner != hold.owner, before.end > hold.start {
          findings.append("\(address) was held twice: \(before.entry), and \(hold.entry)")
        }
        if hold.end > latest?.end ?? 0 { latest = hold }
      }
    }
  }

  private func sureHolds() -> [(key: String, value: [Hold])] {
    var byAddress: [String: [Hold]] = [:]
    for (owner, entries) in Dictionary(grouping: history, by: \.owner) {
      for (index, entry) in entries.enumerated() {
        guard case .reserved(let addresses, _, _) = entry.outcome else { continue }
        let next = entries[(index + 1)...].first { $0.operation == .release }
        let hold = Hold(owner: owner, start: entry.done, end: next?.sent ?? .max, entry: entry)
        for address in addresses { byAddress[address, default: []].append(hold) }
      }
    }
    return byAddress.sorted { $0.key < $1.key }
  }

  private mutating func checkEnd() {
    var holders: [String: String] = [:]
    var owners: Set<String> = []
    for (owner, holding) in state.holdings {
      if !owners.insert(owner).inserted { findings.append("\(owner) is listed twice") }
      for address in holding.addresses {
        if let other = holders.updateValue(owner, forKey: address) {
          findings.append("\(address) is held by \(other) and \(owner) in the end")
        }
      }
    }
  }

  private mutating func checkWholeness() {
    for entry in history {
      guard case .reserved(let addresses, _, _) = entry.outcome else { continue }
      if addresses.count != familyCount { findings.append("not whole: \(entry)") }
    }
    for (owner, holding) in state.holdings where holding.addresses.count != familyCount {
      findings.append("not whole in the end: \(owner) \(holding.addresses)")
    }
  }

  /// Each record has a revision of its own, in the order in which changes were seen, and there are
  /// no more revisions than requests that may have written one.
  private mutating func checkRevisions() {
    var writers: [Int: HistoryEntry] = [:]
    var newestDone: (done: UInt64, revision: Int)?
    let written = history.compactMap { entry in
      entry.writtenRevision.map { (revision: $0, entry: entry) }
    }
    for (revision, entry) in written {
      if let other = writers.updateValue(entry, forKey: revision) {
        findings.append("revision \(revision) twice: \(other), and \(entry)")
      }
      if !(state.oldestRevision + 1...max(state.newestRevision, state.oldestRevision + 1))
        .contains(revision)
      {
        findings.append("a revision outside the ledger's: \(entry)")
      }
    }
    // By sending; of those that were done before, the newest revision.
    let byDone = written.sorted { $0.entry.done < $1.entry.done }
    var next = 0
    for (revision, entry) in written {
      while next < byDone.count, byDone[next].entry.done < entry.sent {
        let done = byDone[next]
        if done.revision > newestDone?.revision ?? 0 {
          newestDone = (done.entry.done, done.revision)
        }
        next += 1
      }
      if let newestDone, newestDone.revision > revision {
        findings.append(
          "older than revision \(newestDone.revision), which was seen before: \(entry)")
      }
    }
    let unexplained = state.newestRevision - state.oldestRevision - writers.count
    let unknown = history.count { $0.outcome == .unknown }
    if unexplained > unknown {
      findings.append("\(unexplained) revisions that \(unknown) unanswered requests do not explain")
    }
    if unexplained < 0 { findings.append("acknowledged revisions are missing: \(-unexplained)") }
  }
}
