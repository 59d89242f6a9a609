import IPLedgerClient

extension ManifestPlan {
  /// Asks what each call would do by itself, and changes nothing.
  ///
  /// The daemon says beforehand what a Service would get. Of pods and nodes it says whether they
  /// would get something: the addresses are chosen when that is done.
  mutating func rehearse(_ session: Session) throws {
    for step in steps {
      switch step.manifest.kind {
      case .service:
        let result = try answer(
          of: step, in: try session.attempt(step.method, step.params.with("dryRun", true)), after: 0
        )
        note(step, result, fills: true, isDryRun: true)
      case .node, .pod: try foresee(step, session)
      }
    }
  }

  private mutating func foresee(_ step: ManifestStep, _ session: Session) throws {
    let explained = try session.call("range.explain", ["request": step.operation])
    if explained["wouldSucceed"]?.bool == true {
      // The same request once more answers what is held.
      if let held = try held(step, session) {
        return note(step, held.with("existing", true), fills: true, isDryRun: true)
      }
      return tell(step, "would be \(step.verb) (dry run): \(step.choice)", step.wanted)
    }
    if waitsForNode(step, explained["error"] ?? .null) {
      return tell(
        step,
        "would be \(step.verb) (dry run) if there is room on its node, which these manifests"
          + " register first", step.wanted)
    }
    guard let refusal = explained["error"].flatMap({ ServerError($0) }) else {
      return tell(step, "would fail (dry run)")
    }
    tell(step, "would fail (dry run): \(refusal.message)")
    obstacle = obstacle ?? failure(refusal, step.manifest.title, after: 0)
  }

  private func held(_ step: ManifestStep, _ session: Session) throws -> JSON? {
    let key = step.manifest.key
    switch step.manifest.kind {
    case .node: return try session.find("node.get", key)
    case .pod: return try session.find("pod.get", key.with("uid", step.manifest.uid))
    case .service: return nil
    }
  }

  /// Whether a pod's only trouble is that its node comes with the same manifests.
  private func waitsForNode(_ step: ManifestStep, _ error: JSON) -> Bool {
    guard step.method == "pod.reserve", error["data"]?["reason"]?.string == "NotFound" else {
      return false
    }
    return steps.contains { other in
      other.method == "node.register" && other.params["name"] == step.params["node"]
    }
  }

  private mutating func tell(_ step: ManifestStep, _ verb: String, _ addresses: [String] = []) {
    outcomes.append(
      ManifestOutcome(title: step.manifest.title, verb: verb, addresses: addresses))
  }
}

extension ManifestStep {
  /// What the manifest itself asks for.
  fileprivate var wanted: [String] { (params["ips"] ?? params["podCIDRs"])?.strings ?? [] }

  /// What is known of the addresses.
  fileprivate var choice: String {
    let what = manifest.kind == .node ? "its blocks" : "its addresses"
    return wanted.isEmpty
      ? "\(what) are chosen then, and not filled in here" : "with what it asks for"
  }
}
