import AddressBitmap
package import Addressing

/// A change that takes addresses out of use, as asked for.
package enum RangeClosingRequest: Sendable {
  case drain(RangeName)
  case exclude([CIDR], note: String?)
}

/// A change that takes addresses out of use, between its two steps.
///
/// Its record must stand behind that of everybody who gets one of the addresses: whoever reads the
/// ledger sees nobody come to one after it, and its answer names all who have one. So from its
/// first step on nobody new gets any, and it is recorded once all who came before are in batches
/// that were handed over. What it refuses meanwhile waits, as nothing of it is durable.
package struct RangeClosing: Sendable {
  fileprivate let place: RangePlace
  fileprivate let actor: String
}

/// What becomes of the first step.
package enum RangeClosingDecision: Sendable {
  /// Nothing has to be written; the newest revision.
  case answered(UInt64)
  /// The addresses are closed.
  case closed(RangeClosing)
  /// Another change of the same is on its way; the waiter will be woken.
  case wait
}

extension AllocationEngine {
  /// The first step: closes the addresses, or says why not.
  package func closeRanges(
    _ request: RangeClosingRequest, actor: String, waiter: any Waiter
  ) throws(Refusal) -> RangeClosingDecision {
    let start: RangeStart
    switch request {
    case .drain(let name):
      start = try drain(try item(name).object.name)
    case .exclude(let cidrs, let note):
      try checkTouched(cidrs)
      start = try exclude(cidrs, note)
    }
    switch start {
    case .begun(let place):
      close(RangeRecord(place.object))
      return .closed(RangeClosing(place: place, actor: actor))
    case .nothing: return .answered(revision)
    case .wait: return wait(waiter)
    }
  }

  private func drain(_ name: String) throws(Refusal) -> RangeStart {
    try begin(Array(name.utf8)) { () throws(Refusal) in
      var object = try item(.name(name)).object
      guard !object.isDraining else { return .nothing }
      try admit()
      object.isDraining = true
      return .change(.range(object))
    }
  }

  private func exclude(_ cidrs: [CIDR], _ note: String?) throws(Refusal) -> RangeStart {
    try begin(RangeRecord.exclusionsKey) { () throws(Refusal) in
      let list = try book.exclusions.excluding(cidrs, note: note)
      guard list != book.exclusions else { return .nothing }
      try admit()
      return .change(.exclusions(list.exclusions, .own))
    }
  }

  /// The second step, in a batch that is handed over after all batches that were gathering at the
  /// first one.
  package func record(_ closing: RangeClosing, into batch: inout ChangeBatch) {
    batch.append(Change(.updated, closing.place, closing.actor))
  }

  /// Whether a refusal may be another once what is closing has come to its end; has `waiter` woken
  /// then.
  package func isProvisional(_ refusal: Refusal, waiter: any Waiter) -> Bool {
    switch refusal {
    case .exhausted, .outOfRange: break
    default: return false
    }
    guard book.isClosing else { return false }
    inFlight.wait(waiter)
    return true
  }

  private func wait(_ waiter: any Waiter) -> RangeClosingDecision {
    inFlight.wait(waiter)
    return .wait
  }

  private func close(_ record: RangeRecord) {
    switch record {
    case .range(let object): book.close(rangeNamed: object.name)
    case .exclusions(let exclusions, _):
      book.close(exclusions.map(\.cidr))
      // A node that comes later looks at the book.
      for node in directory.all {
        for range in node.ranges.array { book.setExclusions(of: range) }
      }
    }
  }

  /// Throws for a block in which nothing is ever handed out.
  private func checkTouched(_ cidrs: [CIDR]) throws(Refusal) {
    let items = book.items
    for (index, cidr) in cidrs.enumerated() {
      guard
        items.contains(where: { $0.object.cidr.overlaps(cidr) })
          || !registry.nodes(touching: [cidr]).isEmpty
      else {
        throw .outOfRange(
          cidr.base, field: "cidrs[\(index)]", message: "\(cidr) lies in no range",
          ranges: items.map(\.object.cidr))
      }
    }
  }
}

extension ExclusionList {
  fileprivate func excluding(_ cidrs: [CIDR], note: String?) throws(Refusal) -> ExclusionList {
    var list = self
    for cidr in cidrs { list.exclude(cidr, note: note) }
    guard list.exclusions.count <= Self.mostExclusions else {
      throw .invalid([
        Cause(
          "cidrs", .tooLong, "there would be more than \(Self.mostExclusions) excluded blocks")
      ])
    }
    return list
  }
}
