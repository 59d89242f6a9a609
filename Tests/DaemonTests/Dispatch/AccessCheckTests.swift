import LineProtocol
import Testing

@testable import Daemon

/// The one function that says who may do what.
@Suite("Access") struct AccessCheckTests {
  /// Why a call is not allowed, as `needed` or `needed on node`; nil when it is.
  private static func refusal(_ access: Access, _ method: Method, node: String? = nil) -> String? {
    do throws(ErrorReply) {
      try access.check(method)
      if let node { try access.check(node: Array(node.utf8), for: method) }
      return nil
    } catch {
      switch error.details {
      case .role(let role, let needed) where role == access.role: return needed.name
      case .scope(let role, let needed, let node) where role == access.role:
        return "\(needed.name) on \(node)"
      default: return "\(error)"
      }
    }
  }

  private static let nodeMethods: Set<Method> = [.nodeRegister, .nodeRelease]

  @Test(arguments: Method.allCases, Role.allCases)
  func `a method needs its role, and controllers have the nodes`(_ method: Method, _ role: Role) {
    let isAllowed = role >= method.role || role == .controller && Self.nodeMethods.contains(method)
    #expect(Self.refusal(Access(role), method) == (isAllowed ? nil : method.role.name))
  }

  @Test(arguments: Method.allCases)
  func `who keeps to a node reads everything and changes its pods alone`(_ method: Method) {
    let scoped = Access(.allocator, node: "w1")
    let pods: Set<Method> = [
      .podReserve, .podRelease, .podForget, .podReconcile, .transaction,
    ]
    let refusal = Self.refusal(scoped, method)
    if method.role == .admin {
      #expect(refusal == "admin")
    } else if method.isChange, !pods.contains(method) {
      #expect(refusal == "allocator on w1")
    } else {
      #expect(refusal == nil)
    }
  }

  @Test(arguments: ["w", "w2", "w11", "W1", "", "w1 "])
  func `another node is refused, however alike its name`(_ node: String) {
    let scoped = Access(.allocator, node: "w1")
    #expect(Self.refusal(scoped, .podReserve, node: node) == "allocator on w1")
    #expect(Self.refusal(scoped, .podReserve, node: "w1") == nil)
    #expect(Self.refusal(Access(.allocator), .podReserve, node: node) == nil)
  }
}
