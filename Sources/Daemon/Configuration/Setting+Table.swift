import Allocation
import LineProtocol
import Logging

// The one table of settings.
extension Setting {
  package var row: Row {
    switch self {
    case .ledger:
      Row(
        flag: "ledger", form: .text, placeholder: "PATH",
        help: "The ledger: one SQLite file, with SQLite's side files beside it.",
        standard: "$STATE_DIRECTORY/ledger.db under systemd, else ./ipledger-data/ledger.db")
    case .listen:
      Row(
        flag: "listen", form: .list, placeholder: "unix:PATH|tcp:HOST:PORT|tls:HOST:PORT",
        help: "Where to serve, besides inherited sockets; may be given several times.",
        standard: """
          none with inherited sockets, else unix:/run/ipledger/ipledger.sock for root and \
          unix:$XDG_RUNTIME_DIR/ipledger.sock for others
          """)
    case .metricsListen:
      Row(
        flag: "metrics-listen", form: .text, placeholder: "tcp:HOST:PORT",
        help: "Where to serve /metrics, /livez and /readyz over HTTP.", standard: "nowhere")
    case .serviceClusterIPRange:
      Row(
        flag: "service-cluster-ip-range", form: .list, placeholder: "CIDR[,CIDR]",
        help: "The ranges of Service cluster IPs, at most one per family, primary family first.",
        standard: "none")
    case .clusterCIDR:
      Row(
        flag: "cluster-cidr", form: .list, placeholder: "CIDR[,CIDR]",
        help: "What the nodes' pod CIDRs are cut from, at most one per family, primary first.",
        standard: "none")
    case .nodeCIDRMaskSizeIPv4, .nodeCIDRMaskSizeIPv6, .reserveGateway, .quarantineSeconds,
      .quarantine, .stickySeconds, .pools, .loadBalancer,
      .nonMasqueradeCIDRs:
      podRow
    case .retentionDays:
      Row(
        flag: "retention-days", form: .number(0...36_500), placeholder: "DAYS",
        help: "Records of the ledger that are older are removed; 0: they are kept for ever.",
        standard: "0")
    case .retentionRecords:
      Row(
        flag: "retention-records", form: .number(0...Self.mostRecords), placeholder: "N",
        help: "The most records that the ledger keeps, about; 0: all.", standard: "0")
    case .insecureTCP:
      Row(
        flag: "insecure-tcp", form: .boolean, placeholder: "true|false",
        help: "Allow plain TCP on addresses other than loopback.", standard: "false")
    case .access, .tlsCertificate, .tlsKey, .tlsClientCA: accessRow
    case .logLevel:
      Row(
        flag: "log-level", form: .choice(Logger.Level.allCases.map(\.rawValue)),
        placeholder: "LEVEL",
        help: "The least that is logged: trace, debug, info, notice, warning, error, critical.",
        standard: "info")
    case .lineBytes, .depth, .batch, .nameBytes:
      limitRow
    case .connectionsPerPeer, .inFlight, .lineSeconds, .writeSeconds, .idleSeconds:
      connectionRow
    }
  }

  private static let mostRecords = 1_000_000_000_000

  private var accessRow: Row {
    switch self {
    case .tlsCertificate:
      Row(
        flag: "tls-certificate", form: .text, placeholder: "FILE.pem",
        help: "The certificate of TLS listeners, with those between it and its authority.",
        standard: "none")
    case .tlsKey:
      Row(
        flag: "tls-key", form: .text, placeholder: "FILE.pem",
        help: "The key of the certificate.", standard: "none")
    case .tlsClientCA:
      Row(
        flag: "tls-client-ca", form: .text, placeholder: "FILE.pem",
        help: "Who signs clients' certificates, which every client must have then.",
        standard: "none: clients prove themselves by a token")
    default:
      Row(
        flag: "access", form: .list, placeholder: "RULE",
        help: "Who may do what: 'gid=ipledger role=allocator'; may be given several times.",
        standard: "root and the daemon's own user are admin on Unix sockets")
    }
  }

  private var connectionRow: Row {
    let usual = ConnectionLimits()
    return switch self {
    case .connectionsPerPeer:
      Row(
        flag: "limits-connections-per-peer", form: .number(0...1_000_000), placeholder: "N",
        help: "The most connections of one user or address; 0: any number.",
        standard: "\(usual.perPeer)")
    case .inFlight:
      Row(
        flag: "limits-in-flight", form: .number(1...1_000_000), placeholder: "N",
        help: "Requests of one connection that wait for the disk before it is read on.",
        standard: "\(usual.inFlight)")
    case .lineSeconds:
      Row(
        flag: "limits-line-seconds", form: .number(1...86_400), placeholder: "SECONDS",
        help: "How long a line that has begun may take to end.",
        standard: "\(usual.lineSeconds)")
    case .writeSeconds:
      Row(
        flag: "limits-write-seconds", form: .number(1...86_400), placeholder: "SECONDS",
        help: "How long a client may take nothing of what waits for it, unless it watches.",
        standard: "\(usual.writeSeconds)")
    default:
      Row(
        flag: "limits-idle-seconds", form: .number(0...86_400), placeholder: "SECONDS",
        help: "How long a connection may send nothing, unless it watches; 0: for ever.",
        standard: "\(usual.idleSeconds)")
    }
  }

  private var podRow: Row {
    let usual = ClusterConfiguration()
    return switch self {
    case .nodeCIDRMaskSizeIPv4:
      Row(
        flag: "node-cidr-mask-size-ipv4", form: .number(0...32), placeholder: "N",
        help: "The prefix length of a node's IPv4 pod CIDR.",
        standard: "\(usual.nodePrefixLengthIPv4)")
    case .nodeCIDRMaskSizeIPv6:
      Row(
        flag: "node-cidr-mask-size-ipv6", form: .number(0...128), placeholder: "N",
        help: "The prefix length of a node's IPv6 pod CIDR.",
        standard: "\(usual.nodePrefixLengthIPv6)")
    case .reserveGateway:
      Row(
        flag: "reserve-gateway", form: .boolean, placeholder: "true|false",
        help: "Keep the first usable address of each node's pod CIDR for its gateway.",
        standard: "\(usual.reservesGateway)")
    case .quarantineSeconds:
      Row(
        flag: "quarantine-seconds", form: .number(0...86_400), placeholder: "SECONDS",
        help: "How long a released pod address rests before it is handed out again.",
        standard: "\(usual.quarantineSeconds)")
    case .nonMasqueradeCIDRs:
      Row(
        flag: "non-masquerade-cidrs", form: .list, placeholder: "CIDR[,CIDR]…",
        help: "What pods reach under their own addresses, besides the cluster.", standard: "none")
    case .pools:
      Row(
        flag: "pools", form: .list, placeholder: "NAME=CIDR[ CIDR]",
        help: "Networks beside the nodes' own, which pods name: at most one CIDR per family each.",
        standard: "none")
    case .loadBalancer:
      Row(
        flag: "load-balancer", form: .list, placeholder: "CIDR[,CIDR]…",
        help: "What Services of type LoadBalancer get their ingress addresses from.",
        standard: "none")
    case .stickySeconds:
      Row(
        flag: "sticky-seconds", form: .number(0...315_360_000), placeholder: "SECONDS",
        help: "How long a sticky pod's addresses are kept after its release; 0: for ever.",
        standard: "\(usual.stickySeconds)")
    default:
      Row(
        flag: "quarantine", form: .choice(QuarantineMode.allCases.map(\.rawValue)),
        placeholder: QuarantineMode.allCases.map(\.rawValue).joined(separator: "|"),
        help: "prefer: resting addresses are taken when nothing else is free; strict: never.",
        standard: QuarantineMode.prefer.rawValue)
    }
  }

  private var limitRow: Row {
    let usual = ProtocolLimits()
    return switch self {
    case .lineBytes:
      Row(
        flag: "limits-line-bytes", form: .number(1024...67_108_864), placeholder: "BYTES",
        help: "The longest line that a client may send.", standard: "\(usual.lineBytes)")
    case .depth:
      Row(
        flag: "limits-depth", form: .number(4...1024), placeholder: "N",
        help: "The deepest nesting of a message.", standard: "\(usual.depth)")
    case .batch:
      Row(
        flag: "limits-batch", form: .number(1...100_000), placeholder: "N",
        help: "The most requests in one batch.", standard: "\(usual.batch)")
    default:
      Row(
        flag: "limits-name-bytes", form: .number(63...4096), placeholder: "BYTES",
        help: "The longest name of an object.", standard: "\(usual.nameBytes)")
    }
  }
}
