/// What a caller may do; each role may do what those before it may.
package enum Role: UInt8, Sendable, Hashable, CaseIterable, Comparable {
  case none, reader, allocator

  /// An allocator that also registers and releases nodes.
  case controller
  case admin

  /// As answers spell it.
  package var name: String {
    switch self {
    case .none: "none"
    case .reader: "reader"
    case .allocator: "allocator"
    case .controller: "controller"
    case .admin: "admin"
    }
  }

  package static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }
}
