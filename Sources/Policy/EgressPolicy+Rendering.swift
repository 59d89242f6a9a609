package import Addressing

/// The same decisions in the words of those who carry them out.
extension EgressPolicy {
  /// A ruleset for `nft -f`: it replaces what an earlier one has left.
  ///
  /// - Parameter sources: the pods that it is for; nil: all of them.
  package func nftables(sources: [CIDR]? = nil) -> String {
    var lines = [
      "table inet ipledger_egress", "delete table inet ipledger_egress",
      "table inet ipledger_egress {",
    ]
    var rules: [String] = []
    for family in IPFamily.allCases {
      let pods = (sources ?? podCIDRs).filter { $0.family == family }
      guard !pods.isEmpty else { continue }
      let (word, number) = family == .ipv4 ? ("ip", "4") : ("ip6", "6")
      lines += Self.set("pods\(number)", family, pods)
      lines += Self.set("direct\(number)", family, direct(family).map(\.cidr))
      rules.append(
        "    \(word) saddr @pods\(number) \(word) daddr != @direct\(number) counter masquerade")
    }
    lines += ["  chain postrouting {", "    type nat hook postrouting priority srcnat;"]
    lines += rules + ["  }", "}", ""]
    return lines.joined(separator: "\n")
  }

  private static func set(_ name: String, _ family: IPFamily, _ cidrs: [CIDR]) -> [String] {
    let type = family == .ipv4 ? "ipv4_addr" : "ipv6_addr"
    let elements = cidrs.map { cidr in
      cidr.prefixLength == family.bitWidth ? "\(cidr.base)" : "\(cidr)"
    }
    return ["  set \(name) {", "    type \(type)", "    flags interval", "    auto-merge"]
      + ["    elements = {"] + elements.map { "      \($0)," } + ["    }", "  }"]
  }

  /// The configuration file of Kubernetes' ip-masq-agent.
  ///
  /// The agent masquerades whatever a node sends, not its pods' alone.
  package func ipMasqAgent() -> String {
    let cidrs = IPFamily.allCases.flatMap { family in direct(family).map(\.cidr) }
    var seen: Set<String> = []
    let lines = cidrs.map { "\($0)" }.filter { seen.insert($0).inserted }.map { "  - \"\($0)\"" }
    return
      (["nonMasqueradeCIDRs:"] + lines
      + ["masqLinkLocal: false", "masqLinkLocalIPv6: false", "resyncInterval: 60s", ""])
      .joined(separator: "\n")
  }
}
