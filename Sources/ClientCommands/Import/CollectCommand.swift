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
  @Option(help: "Of this network only; else of all of them.") var network: String?
  @Option(help: ArgumentHelp("What is younger stays.", valueName: "seconds"))
  var olderThan: Int64 = 60
  @Flag(name: .shortAndLong, help: "Release it.") var yes = false
  @OptionGroup(title: "Everywhere") var options: ClientOptions

  func work(_ session: Session) throws {
    var live = LivePods()
    for file in try manifests.read() {
      for (_, node) in file.objects {
        guard let pod = try Manifest(node, in: file.name), pod.kind == .pod else { continue }
        let phase = node.node(at: "status", "phase")?.text ?? ""
        guard let place = node.node(at: "spec", "nodeName")?.text,
          !["Succeeded", "Failed"].contains(phase)
        else { continue }
        live.add(pod, on: place)
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

  private func collect(_ live: LivePods, _ session: Session) throws {
    // The daemon judges one network of one node at a time: those where something is held.
    var places: Set<Place> = []
    try session.each(of: "pod.list", .members(["network": .optional(network)])) { pod in
      guard let node = pod["node"]?.string, let network = pod["network"]?.string else { return }
      places.insert(Place(node: node, network: network))
    }
    let collection = Collection(session: session, olderThanSeconds: olderThan, isDryRun: !yes)
    var released: [JSON] = []
    var progress = Progress("Collecting", of: places.count)
    for place in places.sorted() {
      let answer = try collection.collect(node: place.node, network: place.network) { pod in
        live.include(pod, on: place.node)
      }
      released += answer["items"]?.array ?? []
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

/// A network of a node.
private struct Place: Hashable, Comparable {
  let node: String
  let network: String

  static func < (left: Place, right: Place) -> Bool {
    (left.node, left.network) < (right.node, right.network)
  }
}

/// The pods of a cluster, by the nodes that they are on.
private struct LivePods {
  private struct Name: Hashable {
    let node: String
    let namespace: String
    let name: String
  }

  /// With their uids; nil stands for one that is not known.
  private var uids: [Name: Set<String?>] = [:]

  var isEmpty: Bool { uids.isEmpty }

  mutating func add(_ pod: Manifest, on node: String) {
    let name = Name(node: node, namespace: pod.namespace, name: pod.name)
    uids[name, default: []].insert(pod.uid?.string)
  }

  /// A uid that one side does not know is any.
  func include(_ reservation: JSON, on node: String) -> Bool {
    let name = Name(
      node: node, namespace: reservation["namespace"]?.string ?? "",
      name: reservation["name"]?.string ?? "")
    guard let known = uids[name] else { return false }
    guard let uid = reservation["uid"]?.string else { return true }
    return known.contains(nil) || known.contains(uid)
  }
}
