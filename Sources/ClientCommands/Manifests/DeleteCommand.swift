import ArgumentParser
import IPLedgerClient

/// `ipledger delete -f FILE`.
struct DeleteCommand: SessionCommand {
  static let configuration = CommandConfiguration.command(
    "delete", "Releases what the objects of manifests hold; nothing held is no error.",
    example: "ipledger delete -f my-service.yaml")

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup(title: "Everywhere") var options: ClientOptions

  func work(_ session: Session) throws {
    var plan = ManifestPlan(try manifests.read())
    try plan.decide(order: Manifest.Kind.allCases.reversed()) { manifest in
      switch manifest.kind {
      case .node: .call("node.release", manifest.key)
      case .service: .call("service.release", manifest.key)
      case .pod: .call("pod.release", manifest.key.with("all", true))
      }
    }
    try plan.run(session, fills: false)
    session.show(
      list: ["items": .array(plan.outcomes.map(\.item))], Column.outcomes, empty: "Nothing to do.")
  }
}
