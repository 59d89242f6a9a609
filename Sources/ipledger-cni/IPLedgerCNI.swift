internal import CNIPlugin
internal import Glibc

/// The program that a container runtime's network plugins start.
@main struct IPLedgerCNI {
  static func main() { exit(Plugin.run()) }
}
