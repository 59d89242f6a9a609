import ArgumentParser
import IPLedgerClient

/// Which Service.
struct ServiceKeyOptions: ParsableArguments {
  @Argument(help: "The Service.") var name: String
  @Option(name: .shortAndLong, help: "Its namespace.") var namespace = "default"

  var members: JSON { ["namespace": .string(namespace), "name": .string(name)] }
}
