/// What a request of a load asks for.
enum Operation: UInt8, CaseIterable, Sendable {
  case register
  case reserve
  /// The same reserve once more, as a client sends it that saw no answer.
  case reserveAgain
  case release
  case reserveService
  case releaseService
  // What a check asks besides.
  case describeServer
  case get
  case getService
  // Before and after what is measured.
  case authenticate
  case releaseNode

  /// How reports call it: the method, and what is special about it.
  var name: String {
    switch self {
    case .register: "node.register"
    case .reserve: "pod.reserve"
    case .reserveAgain: "pod.reserve again"
    case .release: "pod.release"
    case .reserveService: "service.reserve"
    case .releaseService: "service.release"
    case .describeServer: "server.info"
    case .get: "pod.get"
    case .getService: "service.get"
    case .authenticate: "server.authenticate"
    case .releaseNode: "node.release"
    }
  }
}
