import IPLedgerClient

/// An import that is made: all of it or nothing.
struct ImportRun {
  let session: Session
  /// The most calls in one transaction.
  let most: Int

  init(_ session: Session) throws {
    self.session = session
    most = try session.mostOperations()
  }

  /// One transaction; what does not fit into one is several, and if a later one is refused, the
  /// earlier ones are undone.
  ///
  /// Says how many were not there before.
  func make(_ entries: [ImportEntry]) throws -> Int {
    var made: [ImportEntry] = []
    var progress = Progress("Importing", of: entries.count)
    defer { progress.end() }
    for start in stride(from: 0, to: entries.count, by: most) {
      let part = Array(entries[start..<min(start + most, entries.count)])
      let ops = JSON.array(part.map(\.operation))
      switch try session.attempt("transaction", ["ops": ops]) {
      case .success(let answer):
        let results = answer["results"]?.array ?? []
        // What was there before must survive an undoing.
        made += zip(part, results).filter { $1["existing"]?.bool != true }.map { $0.0 }
      case .failure(let refusal):
        try undo(made)
        let index = refusal.data["index"]?.int.map { Int($0) } ?? 0
        let title = part.indices.contains(index) ? part[index].title : ""
        let failure = CommandFailure(.refused(refusal))
        throw CommandFailure(
          failure.status, "\(title): \(failure.message)\n  nothing was imported",
          next: failure.next)
      }
      progress.step(by: part.count)
    }
    return made.count
  }

  private func undo(_ made: [ImportEntry]) throws {
    let backwards = Array(made.reversed())
    for start in stride(from: 0, to: backwards.count, by: most) {
      let part = backwards[start..<min(start + most, backwards.count)]
      let ops = part.map { entry -> JSON in
        ["method": .string(entry.kind.undoingMethod), "params": entry.key]
      }
      _ = try session.call("transaction", ["ops": .array(ops)])
    }
  }
}
