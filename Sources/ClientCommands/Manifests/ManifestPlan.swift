import IPLedgerClient

/// What files ask for: the calls, in the order in which they need each other.
struct ManifestPlan {
  private(set) var files: [ManifestFile]
  private(set) var steps: [ManifestStep] = []
  var outcomes: [ManifestOutcome] = []
  /// What the first of those that a rehearsal saw fail would meet.
  var obstacle: CommandFailure?

  init(_ files: [ManifestFile]) { self.files = files }

  /// What one object needs.
  enum Decision {
    case call(String, JSON, before: JSON? = nil)
    /// Nothing: this is there already.
    case keep(JSON)
  }

  /// Decides for every object what to call; `choose` does so for one.
  mutating func decide(
    order: [Manifest.Kind], fills: Bool = true, _ choose: (Manifest) throws -> Decision
  ) throws {
    var found: [(Manifest, ManifestFile.Place, Int)] = []
    for (number, file) in files.enumerated() {
      for (place, node) in file.objects {
        guard let manifest = try Manifest(node, in: file.name) else {
          let kind = node.member("kind")?.text ?? ""
          let name = node.node(at: "metadata", "name")?.text ?? ""
          outcomes.append(
            ManifestOutcome(title: "\(kind.lowercased())/\(name)", verb: "has no addresses"))
          continue
        }
        if let reason = manifest.reasonToSkip {
          outcomes.append(ManifestOutcome(title: manifest.title, verb: "skipped: \(reason)"))
        } else {
          found.append((manifest, place, number))
        }
      }
    }
    guard !found.isEmpty || !outcomes.isEmpty else {
      throw CommandFailure(
        .invalid, "there is no object in \(files.map(\.name).joined(separator: ", "))",
        next: "name manifests of Services, Nodes or Pods with -f")
    }
    for kind in order {
      for (manifest, place, number) in found where manifest.kind == kind {
        switch try choose(manifest) {
        case .call(let method, let params, let before):
          steps.append(
            ManifestStep(
              manifest: manifest, place: place, file: number, method: method, params: params,
              before: before))
        case .keep(let result):
          let addresses = result["podCIDRs"]?.strings ?? []
          outcomes.append(
            ManifestOutcome(title: manifest.title, verb: "unchanged", addresses: addresses))
          if fills { files[number].replace(place, with: manifest.filled(from: result)) }
        }
      }
    }
  }

  /// Makes the calls: all or none where they fit into one transaction.
  mutating func run(_ session: Session, fills: Bool) throws {
    var done = 0
    let most = steps.count > 1 ? try session.mostOperations() : 1
    while done < steps.count {
      let isAlone = steps[done].method == "service.adopt"
      let part =
        isAlone
        ? steps[done...done]
        : steps[done...].prefix { $0.method != "service.adopt" }.prefix(most)
      let results = try call(Array(part), session, after: done)
      for (step, result) in zip(part, results) { note(step, result, fills: fills) }
      done += part.count
    }
  }

  private func call(
    _ part: [ManifestStep], _ session: Session, after done: Int
  ) throws -> [JSON] {
    if part.count == 1 {
      let step = part[0]
      return [try answer(of: step, in: try session.attempt(step.method, step.params), after: done)]
    }
    let ops = JSON.array(part.map(\.operation))
    switch try session.attempt("transaction", ["ops": ops]) {
    case .success(let answer): return answer["results"]?.array ?? []
    case .failure(let refusal):
      let index = refusal.data["index"]?.int.map { Int($0) }
      let step = index.flatMap { part.indices.contains($0) ? part[$0] : nil }
      throw failure(refusal, step?.manifest.title, after: done)
    }
  }

  func answer(
    of step: ManifestStep, in answer: Result<JSON, ServerError>, after done: Int
  ) throws -> JSON {
    switch answer {
    case .success(let result): return result
    case .failure(let refusal): throw failure(refusal, step.manifest.title, after: done)
    }
  }

  func failure(
    _ refusal: ServerError, _ title: String?, after done: Int
  ) -> CommandFailure {
    let failure = CommandFailure(.refused(refusal))
    let told = "\(title.map { "\($0): " } ?? "")\(failure.message)"
    guard done > 0 else {
      return CommandFailure(failure.status, "\(told)\n  nothing was changed", next: failure.next)
    }
    let missing = steps[done...].map { "\n  not \($0.verb): \($0.manifest.title)" }.joined()
    return CommandFailure(
      failure.status, told + Self.lines(of: outcomes) + missing,
      next: failure.next + "; then the same command again: what is done stays as it is")
  }

  /// What was done before something failed, a line an object.
  private static func lines(of outcomes: [ManifestOutcome]) -> String {
    outcomes.map { "\n  \($0.text(.none).dropLast())" }.joined()
  }

  mutating func note(
    _ step: ManifestStep, _ result: JSON, fills: Bool, isDryRun: Bool = false
  ) {
    outcomes.append(ManifestOutcome(step, result, isDryRun: isDryRun))
    guard fills else { return }
    files[step.file].replace(step.place, with: step.manifest.filled(from: result))
  }
}
