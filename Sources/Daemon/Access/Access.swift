import LineProtocol

/// What an identity may do, as a rule gives it.
struct Access: Sendable, Hashable {
  var role: Role

  /// The identity takes and gives back addresses of this node's pods alone; nil: of all there is.
  ///
  /// What it may read is not limited.
  var node: String?

  init(_ role: Role, node: String? = nil) {
    self.role = role
    self.node = node
  }

  static let none = Access(.none)
}

/// The one place where it is decided whether a request may be done.
extension Access {
  /// Whether it may call `method` at all.
  func check(_ method: Method) throws(ErrorReply) {
    let needed = method.role
    guard role >= needed || role == .controller && method.isForControllers else {
      throw .forbidden(role: role, needed: needed)
    }
    if let node, method.isChange, !method.isAboutNodePods {
      throw .outOfScope(role: role, needed: needed, node: node)
    }
  }

  /// Whether it may change what belongs to a node: `name` is the node's.
  func check(node name: [UInt8], for method: Method) throws(ErrorReply) {
    guard let node, !node.utf8.elementsEqual(name) else { return }
    throw .outOfScope(role: role, needed: method.role, node: node)
  }

  /// The node that the engine has to keep to where a request names none.
  var scope: [UInt8]? { node.map { Array($0.utf8) } }
}

extension Method {
  /// What a `controller` may do beyond an allocator.
  fileprivate var isForControllers: Bool { self == .nodeRegister || self == .nodeRelease }

  /// Whether all that it changes are pods of nodes; the calls of a transaction are looked at one by
  /// one.
  fileprivate var isAboutNodePods: Bool {
    switch self {
    case .podReserve, .podRelease, .podForget, .podReconcile, .transaction: true
    default: false
    }
  }
}
