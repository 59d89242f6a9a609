import ArgumentParser
import IPLedgerClient

extension PodCommands {
  /// Repairs what a node leaked.
  struct Reconcile: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "reconcile",
      "Shows what a node holds for containers that are gone, and with --yes releases it.",
      example: "crictl pods -q | ipledger pod reconcile --node worker-1 --live-file -\n"
        + "crictl pods -q | ipledger pod reconcile --node worker-1 --live-file - --yes")

    @Option(help: "The node.") var node: String
    @Option(help: "Of this network only.") var network: String?
    @Option(help: ArgumentHelp("A container that lives.", valueName: "container-id"))
    var live: [String] = []
    @Option(
      help: ArgumentHelp(
        "Containers that live, one a line; - is standard input.", valueName: "file")
    )
    var liveFile: String?
    @Flag(help: "No container lives there.") var noneLive = false
    @Option(help: ArgumentHelp("What is younger stays.", valueName: "seconds"))
    var olderThan: Int64 = 60
    @Flag(name: .shortAndLong, help: "Release it.") var yes = false
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func validate() throws {
      guard noneLive == (live.isEmpty && liveFile == nil) else {
        throw ValidationError("say what lives: --live, --live-file or --none-live")
      }
    }

    func work(_ session: Session) throws {
      let lines = try liveFile.map { String(decoding: try Console.read($0), as: UTF8.self) } ?? ""
      let words = lines.split { $0 == "\n" || $0 == "\r" || $0 == " " || $0 == "\t" }
      let containers = live + words.map { String($0) }
      guard noneLive || !containers.isEmpty else {
        throw CommandFailure(
          .invalid, "there is no container in \(liveFile ?? "")",
          next: "name those that live, or say --none-live to release everything of the node")
      }
      let known = Set(containers)
      let collection = Collection(
        session: session, olderThanSeconds: olderThan, isDryRun: !yes)
      let answer = try collection.collect(node: node, network: network) { pod in
        guard !noneLive else { return false }
        // One that names no container cannot be judged by containers.
        return pod["containerID"]?.string.map(known.contains) ?? true
      }
      show(answer, session)
    }

    private func show(_ answer: JSON, _ session: Session) {
      let released = answer["items"]?.array ?? []
      session.show(
        list: answer, Column.pods,
        empty: "Everything that \(node) holds is alive, or too young to judge.")
      guard !released.isEmpty else { return }
      Console.complain(
        yes
          ? "\(released.count) released.\n"
          : "\(released.count) would be released: the same command with --yes does it.\n")
    }
  }
}
