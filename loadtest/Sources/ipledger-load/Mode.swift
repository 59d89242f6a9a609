import ArgumentParser

/// What a load consists of.
enum Mode: String, CaseIterable, ExpressibleByArgument {
  /// Reserves pods for a time, or a number of them, until the nodes are full.
  case pods
  /// Fills the nodes first; then each release is followed by a reserve on the same node.
  case churn
  /// Reserves a number of pods, and shows how the rate changes on the way.
  case fill
}

/// What a run was asked for, with everything decided.
struct LoadPlan {
  var mode: Mode
  var socket: String
  var clients: Int
  var depth: Int
  var nodes: Int
  var nodeCapacity: Int
  var seconds: Double?
  var requests: Int?
  var fill: Double
  var containerIDLength: Int

  /// Requests in flight on a connection while the load is prepared and nothing is measured.
  static let preparingDepth = 32

  var inFlight: Int { clients * depth }
  var room: Int { nodes * nodeCapacity }

  /// Pods that are held before a churn is measured: the same number on each node.
  var filledPods: Int { nodes * Int(Double(nodeCapacity) * fill) }

  /// Pods that the measured phase of `pods` and `fill` reserves, time permitting.
  var wantedPods: Int { min(requests ?? room, room) }

  /// Why it cannot be run; nil when it can.
  var problem: String? {
    if clients < 1 || depth < 1 || nodes < 1 || nodeCapacity < 1 {
      return "--clients, --depth, --nodes and --node-capacity are at least 1"
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
    switch mode {
    case .pods: return nil
    case .fill:
      guard let requests else { return "--mode fill needs --requests" }
      return requests <= room
        ? nil : "\(requests) pods do not fit: \(nodes) nodes with \(nodeCapacity) hold \(room)"
    case .churn:
      guard fill > 0, fill <= 1 else { return "--fill is above 0, and 1 at most" }
      return filledPods >= inFlight
        ? nil : "--fill leaves \(filledPods) pods for \(inFlight) requests in flight"
    }
  }
}
