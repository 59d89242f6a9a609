import ArgumentParser
import IPLedgerClient

extension RangeCommands {
  /// Why there is no address, or whether there would be.
  struct Explain: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "explain", "Says how full a range is, who fills it, and what would free space.",
      example: "ipledger range explain 10.244.0.0/16\n"
        + "ipledger range explain --method pod.reserve \\\n"
        + "  --params '{\"node\":\"worker-1\",\"namespace\":\"default\",\"name\":\"web-0\"}'")

    @Argument(help: "The range's name or CIDR.") var range: String?
    @Option(help: "Instead of a range: would this method succeed?") var method: String?
    @Option(help: ArgumentHelp("With these params.", valueName: "json")) var params: String = "{}"
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func validate() throws {
      guard (range == nil) != (method == nil) else {
        throw ValidationError("say what to explain: RANGE, or --method with --params")
      }
    }

    func work(_ session: Session) throws {
      session.show(try session.call("range.explain", try request()))
    }

    private func request() throws -> JSON {
      if let range { return RangeOption.members(of: range) }
      return [
        "request": [
          "method": .string(method ?? ""), "params": try JSON(argument: params, of: "--params"),
        ]
      ]
    }
  }
}

extension JSON {
  /// JSON of the command line.
  init(argument text: String, of name: String) throws {
    do {
      self = try JSON(text: text)
    } catch {
      throw CommandFailure(
        .usage, "\(name) is no JSON: \(error)", next: "quote it for the shell: '{\"name\":\"x\"}'")
    }
  }
}
