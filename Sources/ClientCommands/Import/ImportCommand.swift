import ArgumentParser
import IPLedgerClient

/// `ipledger import SOURCE`.
struct ImportCommand: SessionCommand {
  static let configuration = CommandConfiguration.command(
    "import",
    "Shows what would be taken over from elsewhere, and with --yes takes it over: all or nothing.",
    example: "kubectl get nodes,svc,pods -A -o json | ipledger import - --yes\n"
      + "ipledger import /var/lib/cni/networks/cbr0 --node worker-1\n"
      + "ipledger import addresses.csv --yes")

  @Argument(
    help: ArgumentHelp(
      "A folder of host-local, or a file: kubectl's JSON, CSV, or what export wrote.",
      valueName: "source"))
  var source: String
  @Option(help: "The node whose addresses a folder of host-local holds.") var node: String?
  @Option(
    help: ArgumentHelp(
      "The names of its pods, as 'crictl pods -o json' prints them.", valueName: "file"))
  var names: String?
  @Flag(name: .shortAndLong, help: "Take it over.") var yes = false
  @OptionGroup(title: "Everywhere") var options: ClientOptions

  func work(_ session: Session) throws {
    let ranges = try session.call("server.info")["serviceClusterIPRanges"]?.strings ?? []
    let primary = ranges.first?.contains(":") == true ? "IPv6" : "IPv4"
    let found = try ImportSource.read(source, node: node, namesFile: names, primary: primary)
    let entries = Manifest.Kind.allCases.flatMap { kind in found.filter { $0.kind == kind } }
    guard !entries.isEmpty else {
      throw CommandFailure(
        .invalid, "\(source) holds no node, Service or pod with addresses",
        next: "name a folder of host-local, kubectl's JSON, or CSV")
    }
    let check = try ImportCheck(entries, session)
    if !yes || check.hasObstacles { show(check, session) }
    guard !check.hasObstacles else {
      throw CommandFailure(
        .refused,
        "\(check.findings.count { $0.isObstacle }) of \(entries.count) cannot be imported",
        next: "release those addresses, or take those objects out of \(source)")
    }
    guard yes else {
      return Console.complain(
        "\(entries.count) objects: the same command with --yes imports them.\n")
    }
    let new = try ImportRun(session).make(check.missing)
    Console.complain("\(new) imported, \(entries.count - new) were there already.\n")
  }

  private func show(_ check: ImportCheck, _ session: Session) {
    session.show(
      list: ["items": .array(check.findings.map(\.item))], Column.outcomes, empty: "Nothing.")
  }
}
