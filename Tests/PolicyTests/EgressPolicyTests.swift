import Addressing
import Policy
import Testing

@Suite struct EgressPolicyTests {
  private static let policy = EgressPolicy(
    podCIDRs: ["10.244.0.0/16", "fd00:10:244::/56", "172.20.0.0/24"].compactMap { CIDR($0) },
    serviceRanges: ["10.96.0.0/16", "fd00:10:96::/108"].compactMap { CIDR($0) },
    nodeAddresses: ["192.0.2.10", "2001:db8::10"].compactMap { IPAddress($0) },
    nonMasqueradeCIDRs: ["198.51.100.0/24"].compactMap { CIDR($0) })

  @Test(arguments: [
    ("10.244.0.2", "203.0.113.9", true), ("10.244.0.2", "10.244.9.9", false),
    ("10.244.0.2", "172.20.0.9", false), ("172.20.0.9", "8.8.8.8", true),
    ("10.244.0.2", "10.96.0.10", false), ("10.244.0.2", "192.0.2.10", false),
    ("10.244.0.2", "192.0.2.11", true), ("10.244.0.2", "198.51.100.1", false),
    ("10.244.0.2", "169.254.1.1", false), ("10.244.0.2", "224.0.0.251", false),
    ("10.244.0.2", "127.0.0.1", false), ("10.244.0.2", "255.255.255.255", false),
    ("192.0.2.10", "203.0.113.9", false), ("10.245.0.2", "203.0.113.9", false),
    ("fd00:10:244::2", "2001:db8:9::9", true), ("fd00:10:244::2", "fd00:10:244:5::5", false),
    ("fd00:10:244::2", "fd00:10:96::1", false), ("fd00:10:244::2", "fd00:10:96:1::1", true),
    ("fd00:10:244::2", "2001:db8::10", false), ("fd00:10:244::2", "fe80::1", false),
    ("fd00:10:244::2", "ff02::1", false), ("fd00:10:244::2", "::1", false),
    ("2001:db8::10", "2001:db8:9::9", false),
  ])
  func `a pod's traffic to outside is masqueraded, and no other`(
    source: String, destination: String, masquerade: Bool
  ) throws {
    let verdict = Self.policy.classify(
      source: try #require(IPAddress(source)), destination: try #require(IPAddress(destination)))
    #expect(verdict.masquerade == masquerade, "\(verdict)")
    #expect(!verdict.because.isEmpty)
  }

  @Test func `a family without pods has no rules`() {
    var policy = Self.policy
    policy.podCIDRs.removeAll { $0.family == .ipv6 }
    #expect(!policy.nftables().contains("pods6"))
    #expect(policy.nftables().contains("pods4"))
    #expect(policy.nftables(sources: []).contains("masquerade") == false)
  }

  @Test func `the agent's file names each destination once`() {
    var policy = Self.policy
    policy.nonMasqueradeCIDRs += policy.serviceRanges
    let lines = policy.ipMasqAgent().split(separator: "\n")
    #expect(lines.count == Set(lines).count)
    #expect(lines.contains("  - \"10.96.0.0/16\""))
    #expect(lines.contains("masqLinkLocal: false"))
  }
}
