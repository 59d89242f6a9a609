import LineProtocol
import Testing

@Suite("Method")
struct MethodsTableTests {
  private func named(_ name: String) -> Method? {
    Method(Array(name.utf8).span)
  }

  @Test func `every method's row stands at its raw value`() {
    #expect(Method.table.map(\.method) == Method.allCases)
    #expect(Set(Method.table.map(\.name)).count == Method.allCases.count)
  }

  @Test(arguments: Method.allCases)
  func `a method is found by its name and by no other`(method: Method) {
    #expect(named(method.name) == method)
    for wrong in [method.name + " ", method.name + "\0", method.name.uppercased(), ""] {
      #expect(named(wrong) == nil)
    }
  }

  @Test func `a long name is no method`() {
    #expect(named(String(repeating: "pod.reserve", count: 99)) == nil)
  }

  @Test(arguments: [
    ("rpc.discover", Role.none), ("server.info", .none), ("server.ping", .none),
    ("server.health", .none), ("server.stats", .reader), ("pod.get", .reader),
    ("pod.list", .reader), ("service.get", .reader), ("service.list", .reader),
    ("node.get", .reader), ("node.list", .reader), ("range.get", .reader),
    ("range.list", .reader), ("ip.get", .reader), ("pod.reserve", .allocator),
    ("pod.release", .allocator), ("service.reserve", .allocator),
    ("service.update", .allocator), ("service.adopt", .allocator),
    ("service.release", .allocator), ("node.register", .admin), ("node.release", .admin),
  ])
  func `a method needs its role`(name: String, role: Role) throws {
    let method = try #require(named(name))
    #expect(method.role == role)
    #expect(method.isChange == (role > .reader))
  }

  @Test(arguments: [
    ("pod.reserv", [Method.podReserve]),
    ("Pod.Reserve", [.podReserve]),
    ("servce.get", [.serviceGet]),
    ("range.exclud", [.rangeExclude, .rangeInclude]),
    ("ledger.wach", [.ledgerWatch]),
    ("cluster.watch", []),
    ("x", []),
    ("", []),
  ])
  func `near names are offered`(name: String, near: [Method]) {
    #expect(Method.near(Array(name.utf8).span) == near)
  }
}
