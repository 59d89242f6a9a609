import ArgumentParser
import IPLedgerClient

/// `ipledger call METHOD [JSON]`: whatever has no command of its own.
struct CallMethod: SessionCommand {
  static let configuration = CommandConfiguration.command(
    "call", "Calls any method of the protocol; shows the result as JSON.",
    example: "ipledger call pod.list '{\"node\":\"worker-1\",\"limit\":5}'\n"
      + "ipledger call rpc.discover | jq -r '.methods[].name'")

  @Argument(help: "The method.") var method: String
  @Argument(help: ArgumentHelp("Its params; - reads them from standard input.", valueName: "json"))
  var params: String = "{}"
  @OptionGroup(title: "Everywhere") var options: ClientOptions

  func work(_ session: Session) throws {
    let text = params == "-" ? String(decoding: try Console.read("-"), as: UTF8.self) : params
    let params = try JSON(argument: text, of: "JSON")
    guard params.members != nil else {
      throw CommandFailure(.usage, "the params are no object", next: "write them as '{…}'")
    }
    let result = try session.call(method, params)
    switch session.output {
    case .json, nil: Console.write(result.indented)
    case .yaml, .table, .wide: session.show(result)
    }
  }
}
