import FaultKit
import Foundation
import Testing

/// What `egress.render` writes does what `egress.classify` says: real packets through the real nft.
@Suite(.ownThreads, .enabled(if: Environment.isRoot)) struct EgressTests {
  private static func daemon() throws -> (bench: PodBench, client: LineClient) {
    let bench = try PodBench(
      .dual.with { $0.yaml = "nonMasqueradeCIDRs: [198.51.100.0/24]" }, nodes: [:])
    let node: JSON = [
      "name": "w", "nodeIPs": ["192.0.2.10", "2001:db8::10"],
    ]
    _ = try bench.client.request("node.register", node)
    _ = try bench.client.request(
      "node.register", ["name": "x", "podCIDRs": ["10.244.77.0/24", "fd00:10:244:77::/64"]])
    return (bench, bench.client)
  }

  private static let sources = [
    "10.244.0.2", "10.244.77.3", "10.99.0.5", "fd00:10:244::2", "fd00:10:244:77::3",
    "fd00:99::5",
  ]
  private static let destinations = [
    "203.0.113.9", "10.96.0.10", "192.0.2.10", "192.0.2.99", "10.244.5.5", "198.51.100.7",
    "2001:db8:9::9", "fd00:10:96::a", "2001:db8::10", "2001:db8::99", "fd00:10:244:55::5",
  ]

  @Test func `packets leave as classified`() throws {
    let (bench, client) = try Self.daemon()
    let text = try #require(
      try client.request("egress.render", ["format": "nftables"]).result?["text"]?.text)
    let world = try World(sources: Self.sources, destinations: Self.destinations)
    try world.load(text)
    try world.load(text)
    try compare(world, client)
    _ = bench
  }

  @Test func `rules for one node leave the other nodes' pods alone`() throws {
    let (bench, client) = try Self.daemon()
    let answer = try client.request("egress.render", ["format": "nftables", "node": "x"])
    let world = try World(sources: Self.sources, destinations: ["203.0.113.9", "2001:db8:9::9"])
    try world.load(try #require(answer.result?["text"]?.text))
    for source in Self.sources {
      let destination = AddressText.isIPv6(source) ? "2001:db8:9::9" : "203.0.113.9"
      let isMasqueraded = try world.isMasqueraded(source, destination)
      #expect(isMasqueraded == source.contains("77"), "\(source)")
    }
    let unknown = try client.request(
      "egress.render", ["format": "nftables", "node": "nobody"])
    #expect(unknown.reason == "NotFound", "\(unknown)")
    _ = bench
  }

  @Test func `params are held to their form`() throws {
    let (bench, client) = try Self.daemon()
    let mixed = try client.request(
      "egress.classify", ["source": "10.244.0.2", "destination": "fd00::1"])
    #expect(mixed.causes == ["destination Invalid"], "\(mixed)")
    let format = try client.request("egress.render", ["format": "iptables"])
    #expect(format.causes == ["format NotSupported"], "\(format)")
    let agent = try client.request("egress.render", ["format": "ip-masq-agent"])
    #expect(agent.result?["text"]?.text?.contains("198.51.100.0/24") == true, "\(agent)")
    _ = bench
  }

  private func compare(_ world: World, _ client: LineClient) throws {
    for source in Self.sources {
      for destination in Self.destinations
      where AddressText.isIPv6(source) == AddressText.isIPv6(destination) {
        let answer = try client.request(
          "egress.classify", ["source": .string(source), "destination": .string(destination)])
        let isMasqueraded = try world.isMasqueraded(source, destination)
        #expect(
          answer.result?["masquerade"]?.bool == isMasqueraded,
          "\(source) to \(destination): \(answer)")
      }
    }
  }
}

/// Two network namespaces and a router between them: pods on one side, everything else on the other.
private final class World {
  private let name = "ipl\(UInt32.random(in: 0...0xFFFFF))"
  private var server: ChildProcess?

  init(sources: [String], destinations: [String]) throws {
    let (pods, router, outside) = ("\(name)p", "\(name)r", "\(name)o")
    for namespace in [pods, router, outside] {
      try Self.ip("netns", "add", namespace)
      try Self.ip("-n", namespace, "link", "set", "lo", "up")
    }
    try join(pods, "veth0", router, "veth1", "172.31.1", "fd99:1::")
    try join(outside, "veth0", router, "veth2", "172.31.2", "fd99:2::")
    for family in ["ipv4/ip_forward", "ipv6/conf/all/forwarding"] {
      try Self.run("netns", "exec", router, "sh", "-c", "echo 1 >/proc/sys/net/\(family)")
    }
    for (namespace, far, addresses) in [(pods, "1", sources), (outside, "2", destinations)] {
      let device = namespace == pods ? "veth1" : "veth2"
      for address in addresses {
        let isIPv6 = AddressText.isIPv6(address)
        let host = "\(address)/\(isIPv6 ? 128 : 32)"
        try Self.run("-n", namespace, "addr", "add", host, "dev", "lo", isIPv6 ? "nodad" : "")
        let gateway = isIPv6 ? "fd99:\(far)::2" : "172.31.\(far).2"
        try Self.run("-n", router, "route", "add", host, "via", gateway, "dev", device)
      }
    }
    server = try ChildProcess(
      "/usr/sbin/ip", ["netns", "exec", outside, "/usr/bin/env", "python3", "-c", Self.echo])
    try server?.waitForErrorLine("the echo is up") { $0.contains("up") }
  }

  deinit {
    server?.signal(SIGKILL)
    for suffix in ["p", "r", "o"] { try? Self.ip("netns", "del", "\(name)\(suffix)") }
  }

  func load(_ rules: String) throws {
    let loaded = try ChildProcess.run(
      "/usr/sbin/ip", ["netns", "exec", "\(name)r", "nft", "-f", "-"], input: rules)
    guard loaded.status == .exited(0) else { throw HarnessFailure.ended(loaded.errors) }
  }

  /// Whether the far side sees another source than the packet had.
  func isMasqueraded(_ source: String, _ destination: String) throws -> Bool {
    let asked = try ChildProcess.run(
      "/usr/sbin/ip",
      [
        "netns", "exec", "\(name)p", "/usr/bin/env", "python3", "-c", Self.ask, source,
        destination,
      ])
    guard asked.status == .exited(0) else { throw HarnessFailure.ended(asked.errors) }
    return asked.output.trimmingCharacters(in: .whitespacesAndNewlines) != source
  }

  private func join(
    _ near: String, _ nearDevice: String, _ router: String, _ device: String, _ ipv4: String,
    _ ipv6: String
  ) throws {
    try Self.ip(
      "-n", near, "link", "add", "name", nearDevice, "type", "veth", "peer", "name", device,
      "netns", router)
    for (namespace, link, number) in [(router, device, "1"), (near, nearDevice, "2")] {
      try Self.ip("-n", namespace, "link", "set", link, "up")
      try Self.ip("-n", namespace, "addr", "add", "\(ipv4).\(number)/24", "dev", link)
      try Self.ip(
        "-n", namespace, "addr", "add", "\(ipv6)\(number)/64", "dev", link, "nodad")
    }
    try Self.ip("-n", near, "route", "add", "default", "via", "\(ipv4).1")
    try Self.ip("-n", near, "-6", "route", "add", "default", "via", "\(ipv6)1")
  }

  private static func ip(_ arguments: String...) throws { try run(arguments) }

  private static func run(_ arguments: String...) throws { try run(arguments) }

  private static func run(_ arguments: [String]) throws {
    let done = try ChildProcess.run("/usr/sbin/ip", arguments.filter { !$0.isEmpty })
    guard done.status == .exited(0) else {
      throw HarnessFailure.ended("ip \(arguments.joined(separator: " ")): \(done.errors)")
    }
  }

  /// Answers every datagram with the address that it came from.
  private static let echo = """
    import socket, sys
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
    s.bind(('::', 4000))
    print('up', file=sys.stderr, flush=True)
    while True:
        data, ancillary, flags, peer = s.recvmsg(100, 200)
        seen = peer[0].removeprefix('::ffff:').encode()
        s.sendmsg([seen], [(l, t, d[:16] + bytes(4)) for l, t, d in ancillary], 0, peer)
    """

  private static let ask = """
    import socket, sys
    source, destination = sys.argv[1:]
    family = socket.AF_INET6 if ':' in source else socket.AF_INET
    s = socket.socket(family, socket.SOCK_DGRAM)
    s.bind((source, 0))
    for attempt in range(10):
        s.settimeout(1)
        s.sendto(b'?', (destination, 4000))
        try:
            print(s.recv(100).decode())
            break
        except TimeoutError:
            pass
    else:
        sys.exit('no answer')
    """
}
