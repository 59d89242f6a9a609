import ArgumentParser

/// `ipledger-load`: asks a daemon for addresses as fast as it answers, and says how fast that was.
@main
struct LoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ipledger-load",
    abstract: "Load a running ipledgerd and measure it.",
    discussion: """
      Registers the nodes load-0, load-1, … and spreads pods over them. The daemon's ledger is \
      expected to hold no other pods on these nodes.
      """)

  @Option(help: "The daemon's Unix socket.")
  var socket: String

  @Option(help: "What to do: \(Mode.allCases.map(\.rawValue).joined(separator: ", ")).")
  var mode = Mode.pods

  @Option(help: "Connections.")
  var clients = 64

  @Option(help: "Requests in flight on each connection.")
  var depth = 1

  @Option(
    help:
      "Requests a second, sent at their times whether answers come or not (default: each when one is answered)."
  )
  var rate: Double?

  @Option(help: "How long to measure (default: 5 unless --requests is given).")
  var seconds: Double?

  @Option(help: "How long to go on before the measurement begins.")
  var warmUp = 0.0

  @Option(help: "How many requests to measure.")
  var requests: Int?

  @Option(help: "Nodes to spread pods over.")
  var nodes = 300

  @Option(help: "Pods that one node's block holds: 253 in an IPv4 /24.")
  var nodeCapacity = 253

  @Option(help: "The part of the nodes that is held before a churn or a rolling update.")
  var fill = 0.5

  @Option(help: "Pods on each node in a restart storm.")
  var podsPerNode = 110

  @Option(help: "Services that are held before Services are measured.")
  var services = 10_000

  @Option(help: "Characters in a container ID; container runtimes have 64.")
  var containerIDLength = 64

  @Flag(
    help:
      "Hold every acknowledged address against what may not be; always done in modes that ask again."
  )
  var check = false

  @Option(help: "Seconds of each of the stretches of time in the JSON.")
  var interval = 1.0

  @Option(
    name: .customLong("json"), defaultAsFlag: "-",
    help: "Print one JSON object instead of the table, or write it to a file beside the table.")
  var json: String?

  private var plan: LoadPlan {
    let isTimed = requests == nil && mode != .restartStorm
    return LoadPlan(
      mode: mode, socket: socket, clients: clients, depth: depth, nodes: nodes,
      nodeCapacity: nodeCapacity, podsPerNode: podsPerNode, services: services,
      seconds: seconds ?? (isTimed ? 5 : nil), requests: requests, warmUp: warmUp, rate: rate,
      interval: interval, fill: fill, containerIDLength: containerIDLength,
      checks: check || mode == .retries || mode == .restartStorm)
  }

  func validate() throws {
    if let problem = plan.problem { throw ValidationError(problem) }
  }

  func run() throws {
    let plan = plan
    var report = Report()
    report.phases.append(try LoadRun(plan: plan).measure())
    try ReportOutput(json: json).write(report)
    if !report.isClean { throw ExitCode(1) }
  }
}
