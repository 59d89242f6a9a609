import ArgumentParser
import IPLedgerClient

/// `ipledger gc`.
struct CollectCommand: SessionCommand {
  static let configuration = CommandConfiguration.command(
    "gc",
    "Shows what nodes hold for pods that the cluster has no more, and with --yes releases it.",
    example: "kubectl get pods -A -o json | ipledger gc -f -\n"
      + "kubectl get pods -A -o json | ipledger gc -f - --yes")

  @OptionGroup var manifests: ManifestOptions
  @Option(help: ArgumentHelp("What is younger stays.", valueName: "seconds"))
  var olderThan: Int64 = 60
  @Flag(name: .shortAndLong, help: "Release it.") var yes = false
  @OptionGroup(title: "Everywhere") var options: ClientOptions

  func work(_ session: Session) throws {
    var live: [String: [JSON]] = [:]
    for file in try manifests.read() {
      for (_, node) in file.objects {
        guard let pod = try Manifest(node, in: file.name), pod.kind == .pod else { continue }
        let phase = node.node(at: "status", "phase")?.text ?? ""
        guard let place = node.node(at: "spec", "nodeName")?.text,
          !["Succeeded", "Failed"].contains(phase)
        else { continue }
        live[place, default: []].append(pod.key.merging(.members(["uid": pod.uid])))
      }
    }
    // A list cut short would look like a cluster whose pods are all gone.
    guard !live.isEmpty else {
      throw CommandFailure(
        .invalid, "there is no running pod in \(manifests.files.joined(separator: ", "))",
        next: "give it all pods of the cluster: kubectl get pods -A -o json")
    }
    try collect(live, session)
  }

  private func collect(_ live: [String: [JSON]], _ session: Session) throws {
    let nodes = try session.list("node.list")["items"]?.array ?? []
    var released: [JSON] = []
    var progress = Progress("Collecting", of: nodes.count)
    for node in nodes.compactMap({ $0["name"]?.string }) {
      let answer = try session.call(
        "pod.reconcile",
        .members([
          "node": .string(node), "live": .array(live[node] ?? []),
          "olderThanSeconds": .int(olderThan), "dryRun": .flag(!yes),
        ]))
      released += answer["released"]?.array ?? []
      progress.step()
    }
    progress.end()
    session.show(
      list: ["items": .array(released)], Column.pods,
      empty: "Everything that is held is alive, or too young to judge.")
    guard !released.isEmpty else { return }
    Console.complain(
      yes
        ? "\(released.count) released.\n"
        : "\(released.count) would be released: the same command with --yes does it.\n")
  }
}
