import ArgumentParser
import IPLedgerClient

/// `ipledger map RANGE`.
struct MapCommand: SessionCommand {
  static let configuration = CommandConfiguration.command(
    "map", "Draws a range: which addresses are used, resting, excluded and free.",
    example: "ipledger map 10.244.0.0/24\nipledger map service-ipv4 --out services.svg")

  @Argument(help: "A range's name or CIDR, or a node's pod CIDR.") var range: String
  @Option(help: ArgumentHelp("A picture instead: NAME.svg or NAME.png.", valueName: "file"))
  var out: String?
  @OptionGroup(title: "Everywhere") var options: ClientOptions

  func validate() throws {
    guard let out else { return }
    guard out.hasSuffix(".svg") || out.hasSuffix(".png") else {
      throw ValidationError("--out \(out): the name ends with .svg or .png")
    }
  }

  func work(_ session: Session) throws {
    let map = try MapSurvey(session: session).map(of: range)
    if let out {
      try Console.write(out.hasSuffix(".svg") ? Array(map.svg.utf8) : map.png, to: out)
      return Console.complain("\(out) shows \(range).\n")
    }
    switch session.output {
    case .json, .yaml: session.show(map.json)
    case .table, .wide, nil: Console.write(map.text(.ofOutput))
    }
  }
}
