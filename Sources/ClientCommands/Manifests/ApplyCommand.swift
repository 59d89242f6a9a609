import ArgumentParser
import IPLedgerClient

/// `ipledger apply -f FILE`.
struct ApplyCommand: SessionCommand {
  static let configuration = CommandConfiguration.command(
    "apply",
    "Reserves what Kubernetes manifests need, and prints them with their addresses filled in.",
    example: "ipledger apply -f my-service.yaml | kubectl apply -f -\n"
      + "kubectl get svc,nodes,pods -A -o json | ipledger apply -f - --adopt -o table")

  @OptionGroup var manifests: ManifestOptions
  @Flag(
    help: """
      Only say and print what would happen to each object. What pods and nodes would get is known \
      when they get it, and not filled in.
      """)
  var dryRun = false
  @Flag(
    help: """
      Take over what a cluster has already, with its addresses: Services one after the other, \
      and the same command goes on after one that failed.
      """)
  var adopt = false
  @OptionGroup(title: "Everywhere") var options: ClientOptions

  func validate() throws {
    guard !(dryRun && adopt) else {
      throw ValidationError("--adopt cannot be rehearsed: leave out --dry-run")
    }
  }

  func work(_ session: Session) throws {
    var plan = ManifestPlan(try manifests.read())
    try plan.decide(order: Manifest.Kind.allCases) { manifest in
      try call(for: manifest, session)
    }
    if dryRun { try plan.rehearse(session) } else { try plan.run(session, fills: true) }
    try session.show(plan)
    if let obstacle = plan.obstacle { throw obstacle }
  }

  private func call(
    for manifest: Manifest, _ session: Session
  ) throws -> ManifestPlan.Decision {
    let params = manifest.reservation(keeping: adopt)
    switch manifest.kind {
    case .node:
      if let node = try session.find("node.get", manifest.key), manifest.isThere(as: node) {
        return .keep(node)
      }
      return .call("node.register", params)
    case .pod: return .call("pod.reserve", params)
    case .service where adopt: return .call("service.adopt", params)
    case .service:
      let before = try session.find("service.get", manifest.key)
      return .call(before == nil ? "service.reserve" : "service.update", params, before: before)
    }
  }
}

extension Session {
  /// The manifests as they are now, and on standard error what was done.
  fileprivate func show(_ plan: ManifestPlan) throws {
    if output == .table || output == .wide {
      return show(
        list: ["items": .array(plan.outcomes.map(\.item))], Column.outcomes,
        empty: "Nothing to do.")
    }
    let asJSON = output == .json || (output == nil && plan.files.allSatisfy(\.isJSON))
    Console.write(try ManifestFile.text(of: plan.files, asJSON: asJSON))
    for outcome in plan.outcomes { Console.complain(outcome.text(.ofErrors)) }
  }
}
