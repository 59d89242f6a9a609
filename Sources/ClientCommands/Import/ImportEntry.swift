import IPLedgerClient

/// One object that is taken over, as the call that does it.
struct ImportEntry: Equatable {
  let kind: Manifest.Kind
  let params: JSON
  /// The addresses it must get; blocks of a node are not among them.
  let addresses: [String]

  /// `pod/default/web-0`.
  var title: String { "\(kind.rawValue.lowercased())/\(Owner.name(of: params))" }

  var operation: JSON { ["method": .string(kind.reservingMethod), "params": params] }

  /// The members that name it when it is released.
  var key: JSON {
    let names = ["namespace", "name", "uid", "containerID", "interface", "network"]
    let wanted = kind == .pod ? names : Array(names.prefix(2))
    return .object(wanted.compactMap { name in params[name].map { JSON.Member(name, $0) } })
  }

  /// Whether that owner, of an answer, is this object.
  func isHeld(by owner: JSON) -> Bool {
    guard owner["kind"]?.string == kind.rawValue, owner["name"] == params["name"],
      owner["namespace"] == params["namespace"]
    else { return false }
    return kind != .pod || owner["containerID"] == params["containerID"]
  }
}

extension Manifest.Kind {
  /// The method that asks for what an object of it needs.
  var reservingMethod: String {
    switch self {
    case .node: "node.register"
    case .service: "service.reserve"
    case .pod: "pod.reserve"
    }
  }

  /// The method that undoes it.
  var undoingMethod: String {
    switch self {
    case .node: "node.release"
    case .service: "service.release"
    case .pod: "pod.release"
    }
  }
}
