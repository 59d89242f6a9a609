package import Allocation

/// The tables of the current state follow the records.
extension SQLiteLedger {
  /// The newest revision that the derived state contains.
  var derivedRevision: UInt64 { meta.derived }

  /// Records that the derived state does not contain.
  package var underived: Int { Int(newestRevision - meta.derived) }

  /// How many objects the derived state holds.
  package var derivedObjects: Int { Int(clamping: meta.state.count) }

  package func derive(atMost count: Int) throws(LedgerFailure) -> Int {
    precondition(count > 0, "something is to be derived")
    guard meta.derived < newestRevision else { return 0 }
    if plan == nil {
      plan = try mapped { () throws(LedgerFault) in
        try openWriter.derivation.readWindow(count, after: meta.derived)
      }
    }
    return try apply(atMost: nil)
  }

  package func deriveSlice(atMost count: Int) throws(LedgerFailure) -> Int {
    precondition(count > 0, "something is to be derived")
    if plan == nil {
      guard underived > count else {
        return underived == 0 ? 0 : try derive(atMost: count)
      }
      plan = try mapped { () throws(LedgerFault) in try planner.plan(after: meta.derived) }
      guard plan != nil else { return underived }
    }
    return try apply(atMost: count)
  }

  /// One slice of the plan, or all that is left of it.
  private func apply(atMost count: Int?) throws(LedgerFailure) -> Int {
    guard var next = plan else { return underived }
    var meta = meta
    meta.newest = newestRevision
    do throws(LedgerFailure) {
      try inTransaction { writer throws(LedgerFault) in
        next.move(
          by: try writer.derivation.apply(next, atMost: count, &meta, writer.connection))
        try writer.write(meta)
      }
    } catch {
      // A window of one transaction has not begun, and the next one may be longer.
      if self.meta.target == 0 { plan = nil }
      throw error
    }
    self.meta = meta
    plan = meta.target == 0 ? nil : next
    return underived
  }
}
