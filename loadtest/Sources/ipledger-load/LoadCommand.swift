import ArgumentParser

/// `ipledger-load`: asks a daemon for pods as fast as it answers, and says how fast that was.
@main
struct LoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ipledger-load",
    abstract: "Load a running ipledgerd and measure it.",
    discussion: """
      Registers the nodes load-0, load-1, … and spreads dual-stack pods over them. The daemon's \
      ledger is expected to hold no other pods on these nodes.
      """)

  @Option(help: "The daemon's Unix socket.")
  var socket: String

  @Option(help: "What to do: \(Mode.allCases.map(\.rawValue).joined(separator: ", ")).")
  var mode = Mode.pods

  @Option(help: "Connections.")
  var clients = 64

  @Option(help: "Requests in flight on each connection.")
  var depth = 1

  @Option(help: "How long to measure (default: 5 unless --requests is given).")
  var seconds: Double?

  @Option(help: "How many requests to measure.")
  var requests: Int?

  @Option(help: "Nodes to spread pods over.")
  var nodes = 300

  @Option(help: "Pods that one node's block holds: 253 in an IPv4 /24.")
  var nodeCapacity = 253

  @Option(help: "The part of the nodes that is held before a churn is measured.")
  var fill = 0.5

  @Option(help: "Characters in a container ID; container runtimes have 64.")
  var containerIDLength = 64

  @Flag(help: "Print one JSON object instead of the table.")
  var json = false

  private var plan: LoadPlan {
    LoadPlan(
      mode: mode, socket: socket, clients: clients, depth: depth, nodes: nodes,
      nodeCapacity: nodeCapacity, seconds: seconds ?? (requests == nil ? 5 : nil),
      requests: requests, fill: fill, containerIDLength: containerIDLength)
  }

  func validate() throws {
    if let problem = plan.problem { throw ValidationError(problem) }
  }

  func run() throws {
    let plan = plan
    let report = Report(plan: plan, figures: try LoadRun(plan: plan).measure())
    print(json ? report.json : report.table)
    if report.figures.failed > 0 { throw ExitCode(1) }
  }
}
