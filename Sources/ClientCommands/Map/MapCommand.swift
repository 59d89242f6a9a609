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
  @Option(
    help: """
      Look for what rests or is excluded at so many addresses at most, from the first on: \
      16777216, and of IPv6 1048576.
      """)
  var ask: Int?
  @OptionGroup(title: "Everywhere") var options: ClientOptions

  func validate() throws {
    if let ask, ask < 0 || ask > MapSurvey.mostQuestions {
      throw ValidationError("--ask \(ask): from 0 to \(MapSurvey.mostQuestions)")
    }
    guard let out else { return }
    guard out.hasSuffix(".svg") || out.hasSuffix(".png") else {
      throw ValidationError("--out \(out): the name ends with .svg or .png")
    }
  }

  func work(_ session: Session) throws {
    let map = try MapSurvey(session: session, limit: ask).map(of: range)
    if let out {
      try Console.write(out.hasSuffix(".svg") ? Array(map.svg.utf8) : map.png, to: out)
      let unseen = map.unseenText.map { "; \($0)" } ?? ""
      return Console.complain("\(out) shows \(range)\(unseen).\n")
    }
    switch session.output {
    case .json, .yaml: session.show(map.json)
    case .table, .wide, nil: Console.write(map.text(.ofOutput))
    }
  }
}
