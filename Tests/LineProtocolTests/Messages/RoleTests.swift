import LineProtocol
import Testing

@Suite struct RoleTests {
  @Test func `each role may do more than those before it`() {
    #expect(Role.allCases == Role.allCases.sorted())
    #expect(Role.allCases.map(\.name) == ["none", "reader", "allocator", "controller", "admin"])
    #expect(Role.admin > .allocator)
    #expect(Role.reader > .none)
  }
}

@Suite struct ProtocolLimitsTests {
  @Test func `limits are those of the protocol unless told otherwise`() {
    let limits = ProtocolLimits()
    #expect(limits.lineBytes == 1_048_576)
    #expect(limits.depth == 32)
    #expect(limits.batch == 1000)
    #expect(limits.nameBytes == 253)
    #expect(ProtocolLimits(lineBytes: 1, depth: 2, batch: 3, nameBytes: 4).batch == 3)
  }
}
