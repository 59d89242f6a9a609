import IPLedgerClient

/// What a run was asked for, with everything decided.
struct LoadPlan {
  /// What reports call it.
  var name = Mode.pods.rawValue
  var mode = Mode.pods
  var endpoint: ServerAddress
  var token: String?
  var tls = TLSOptions()
  var clients = 64
  var depth = 1
  var nodes = 300
  var nodeCapacity = 253
  var podsPerNode = 110
  var services = 10_000
  var seconds: Double?
  var requests: Int?
  var warmUp = 0.0
  var rate: Double?
  var interval = 1.0
  var fill = 0.5
  var containerIDLength = 64
  var checks = false
  /// Whether what was reserved stays; otherwise it is released when all is measured.
  var keeps = true

  /// Requests in flight on a connection while the load is prepared and nothing is measured.
  static let preparingDepth = 32

  var inFlight: Int { clients * depth }
  var room: Int { nodes * nodeCapacity }

  /// Pods that are held before a churn is measured: the same number on each node.
  var filledPods: Int { nodes * Int(Double(nodeCapacity) * fill) }

  /// Pods that the measured phase of `pods`, `fill` and `retries` reserves, time permitting.
  var wantedPods: Int {
    let wanted = requests.map { mode == .retries ? ($0 + 2) / 3 : $0 }
    return min(wanted ?? room, room)
  }

  /// How many requests are measured, when that is known before.
  var expected: Int? {
    switch mode {
    case .fill: wantedPods
    case .pods, .pods4, .pods6: requests == nil ? nil : wantedPods
    case .retries: requests == nil ? nil : 3 * wantedPods
    case .restartStorm: nodes * podsPerNode
    case .churn, .rolling, .services: nil
    }
  }

  /// From a number to that of its successor, in modes that have one.
  var stride: Int? {
    switch mode {
    case .churn, .rolling: Turnover.stride(filledPods, nodes: nodes)
    case .services: Turnover.stride(services, nodes: 1)
    default: nil
    }
  }

  var timing: PhaseTiming {
    PhaseTiming(
      depth: depth, seconds: seconds, warmUp: warmUp, rate: rate, expected: expected,
      interval: interval)
  }

  /// With an end: five seconds, where neither time nor number was given and a mode has none.
  func withEnd() -> LoadPlan {
    var plan = self
    if seconds == nil, requests == nil, mode != .restartStorm { plan.seconds = 5 }
    return plan
  }

  /// Modes that ask again are nothing without a look at the answers.
  var isChecked: Bool { checks || mode == .retries || mode == .restartStorm }

  /// Why it cannot be run; nil when it can.
  var problem: String? { tls.problem ?? problemOfToken ?? problemOfNumbers ?? problemOfMode }

  private var problemOfToken: String? {
    guard let token else { return nil }
    let isPlain = token.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
    return isPlain && (1...256).contains(token.utf8.count)
      ? nil : "--token is 1 to 256 printable ASCII characters without quotes and backslashes"
  }

  private var problemOfNumbers: String? {
    if clients < 1 || depth < 1 || nodes < 1 || nodeCapacity < 1 || podsPerNode < 1 {
      return "--clients, --depth, --nodes, --node-capacity and --pods-per-node are at least 1"
    }
    if clients > 10_000 || depth > 4_096 {
      return "--clients is at most 10000 and --depth at most 4096"
    }
    if !RequestWriter.containerIDLengths.contains(containerIDLength) {
      return "--container-id-length is from 16 to 253"
    }
    if let requests, requests < 1 { return "--requests is at least 1" }
    if let seconds, !(seconds > 0 && seconds <= 86_400) {
      return "--seconds is above 0, and a day at most"
    }
    if !(warmUp >= 0 && warmUp <= 86_400) { return "--warm-up is 0 to a day" }
    if let rate, !(rate > 0 && rate <= 1e8) { return "--rate is above 0, and 100000000 at most" }
    if !(interval >= 0.01 && interval <= 3_600) { return "--interval is from 0.01 to 3600" }
    if warmUp > 0, requests != nil || seconds == nil {
      return "--warm-up goes with --seconds, and without --requests"
    }
    return nil
  }

  private var problemOfMode: String? {
    switch mode {
    case .pods, .pods4, .pods6, .retries: return nil
    case .fill:
      guard let requests else { return "--mode fill needs --requests" }
      return requests <= room
        ? nil : "\(requests) pods do not fit: \(nodes) nodes with \(nodeCapacity) hold \(room)"
    case .restartStorm:
      return podsPerNode <= nodeCapacity
        ? nil : "\(podsPerNode) pods do not fit a node with room for \(nodeCapacity)"
    case .churn, .rolling:
      guard fill > 0, fill <= 1 else { return "--fill is above 0, and 1 at most" }
      if filledPods < inFlight {
        return "--fill leaves \(filledPods) pods for \(inFlight) requests in flight"
      }
      let free = room - filledPods
      return mode == .churn || free >= 2 * inFlight
        ? nil
        : "--fill leaves room for \(free) pods: \(2 * inFlight) are needed, twice those in flight"
    case .services:
      return services >= inFlight
        ? nil : "--services leaves \(services) Services for \(inFlight) requests in flight"
    }
  }
}
