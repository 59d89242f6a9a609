import Daemon

/// The parts of `--help` that are not about one flag.
enum HelpText {
  static let config = "A configuration file in YAML. Environment: IPLEDGER_CONFIG."

  static let discussion = """
    Serves JSON-RPC 2.0, one message a line, on Unix and TCP sockets, with TLS or without. An \
    answer to a change means that it is on disk.

    Every flag has a key in the configuration file and an environment variable (IPLEDGER_ and \
    the flag in upper case, with _ for -). Flags win over the environment, and that over the file. \
    Lists are separated by commas.

    An example, for a cluster with both families, IPv4 first:

      ipledgerd --ledger ./ledger.db --listen unix:./ipledger.sock \\
        --service-cluster-ip-range 10.96.0.0/16,fd00:10:96::/108 \\
        --cluster-cidr 10.244.0.0/16,fd00:10:244::/56

      echo '{"id":1,"method":"server.info"}' | socat - UNIX-CONNECT:./ipledger.sock

    Keys of the file, and environment variables:

    \(table)

    Exit status: 0 after SIGTERM or SIGINT; 64 for unknown flags; 65 for a damaged ledger; 69 when \
    another daemon has the ledger or the socket; 73 when one of them cannot be made; 74 when a \
    change could not be made durable; 78 when the configuration is refused.
    """

  private static let width = 2 + (Setting.allCases.map(\.key.utf8.count).max() ?? 0)

  private static let table = Setting.allCases
    .map { setting in
      let gap = String(repeating: " ", count: width - setting.key.utf8.count)
      return "  \(setting.key)\(gap)\(setting.environmentName)"
    }
    .joined(separator: "\n")
}
