import ArgumentParser

/// One phase, as the flags say.
struct MeasureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure", abstract: "Measure one mode (the default).")

  @OptionGroup var server: ServerOptions

  @Option(help: "What to do: \(Mode.allCases.map(\.rawValue).joined(separator: ", ")).")
  var mode = Mode.pods

  @Option(help: "Connections.")
  var clients = 64

  @Option(help: "Requests in flight on each connection.")
  var depth = 1

  @Option(
    help: ArgumentHelp(
      "Requests a second, sent at their times whether answers come or not (default: each when "
        + "one is answered)."))
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

  @Flag(help: "Check everything acknowledged; always done in modes that ask again.")
  var check = false

  @Flag(help: "Release what was reserved when all is measured.")
  var cleanUp = false

  @OptionGroup var output: OutputOptions

  private func plan() throws -> LoadPlan {
    var plan = try server.plan()
    (plan.mode, plan.name) = (mode, mode.rawValue)
    (plan.clients, plan.depth, plan.rate) = (clients, depth, rate)
    (plan.warmUp, plan.requests, plan.interval) = (warmUp, requests, output.interval)
    plan.seconds = seconds
    (plan.nodes, plan.nodeCapacity, plan.fill) = (nodes, nodeCapacity, fill)
    (plan.podsPerNode, plan.services) = (podsPerNode, services)
    (plan.containerIDLength, plan.checks, plan.keeps) = (containerIDLength, check, !cleanUp)
    return plan.withEnd()
  }

  func validate() throws {
    if let problem = try plan().problem { throw ValidationError(problem) }
  }

  func run() throws { try output.run([plan()], title: "ipledger-load: \(mode.rawValue)") }
}
