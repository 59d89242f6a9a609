import ArgumentParser

/// What a load consists of.
enum Mode: String, CaseIterable, ExpressibleByArgument, Codable {
  /// Reserves pods for a time, or a number of them, until the nodes are full.
  case pods
  /// The same with an IPv4 address alone.
  case pods4
  /// The same with an IPv6 address alone.
  case pods6
  /// Reserves a number of pods, and shows how the rate changes on the way.
  case fill
  /// Fills the nodes first; then each release is followed by a reserve on the same node.
  case churn
  /// Fills the nodes first; then each reserve is followed by the release of an older pod.
  case rolling
  /// Asks for each pod three times; the same addresses must come back.
  case retries
  /// Reserves what the nodes hold; then every node asks for all of it once more.
  case restartStorm = "restart-storm"
  /// Reserves Services; each is followed by the release of an older one.
  case services

  /// What is held before the measurement.
  var fillsFirst: Bool { self == .churn || self == .rolling }

  /// The families that pods ask for; none: all that the node has.
  var families: [String] {
    switch self {
    case .pods4: ["IPv4"]
    case .pods6: ["IPv6"]
    default: []
    }
  }
}
