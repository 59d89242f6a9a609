import ArgumentParser
import IPLedgerClient

/// `ipledger range …`.
struct RangeCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "range", abstract: "The ranges that addresses come from.",
    subcommands: [
      List.self, Get.self, Explain.self, Add.self, Drain.self, Remove.self, Exclude.self,
      Include.self,
    ],
    aliases: ["ranges"])
}

/// A range by its name or its CIDR, whichever was given.
struct RangeOption: ParsableArguments {
  @Argument(help: ArgumentHelp("The range's name or CIDR.", valueName: "range"))
  var range: String

  var members: JSON { Self.members(of: range) }

  /// Names have no slash: a CIDR always has one.
  static func members(of range: String) -> JSON {
    range.contains("/") ? ["cidr": .string(range)] : ["name": .string(range)]
  }
}

/// The addresses that an exclusion is about.
struct ExclusionOption: ParsableArguments {
  @Argument(help: "CIDRs; one address is a /32 or /128.") var cidrs: [String]
}

extension RangeCommands {
  /// All ranges.
  struct List: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "list", "Lists the ranges and how full they are.", example: "ipledger range list -o wide")

    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      session.show(
        list: try session.list("range.list"), Column.ranges,
        empty: "No range is configured: start the daemon with some, or add one.")
    }
  }

  /// One range, or the block of a node.
  struct Get: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "get", "Shows one range, or the pod CIDR of a node, with its counts.",
      example: "ipledger range get 10.244.0.0/24")

    @OptionGroup var range: RangeOption
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      session.show(try session.call("range.get", range.members))
    }
  }

  /// A new range.
  struct Add: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "add", "Adds a range while the daemon runs.",
      example: "ipledger range add more-services 10.97.0.0/16 --purpose service")

    @Argument(help: "A name for it.") var name: String
    @Argument(help: "Its CIDR.") var cidr: String
    @Option(help: "service, pod, loadBalancer or pool.") var purpose: String
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      session.showChange(
        try session.call(
          "range.add",
          ["name": .string(name), "purpose": .string(purpose), "cidr": .string(cidr)]))
    }
  }

  /// Nothing new from a range.
  struct Drain: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "drain", "Lets nobody new into a range; who is there stays.",
      example: "ipledger range drain more-services")

    @OptionGroup var range: RangeOption
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      session.showChange(try session.call("range.drain", range.members))
    }
  }

  /// The end of a range.
  struct Remove: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "remove", "Removes a range that nobody uses.", example: "ipledger range remove more-services")

    @OptionGroup var range: RangeOption
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      session.showChange(try session.call("range.remove", range.members))
    }
  }

  /// Addresses that nobody shall get.
  struct Exclude: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "exclude", "Takes addresses out of what is handed out; who holds them keeps them.",
      example: "ipledger range exclude 10.244.0.0/28 --note 'the switch of rack 4'")

    @OptionGroup var exclusion: ExclusionOption
    @Option(help: "Why, for who looks later.") var note: String?
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      session.showChange(
        try session.call(
          "range.exclude",
          .members(["cidrs": .optional(exclusion.cidrs), "note": .optional(note)])))
    }
  }

  /// The end of an exclusion.
  struct Include: SessionCommand {
    static let configuration = CommandConfiguration.command(
      "include", "Puts excluded addresses back.", example: "ipledger range include 10.244.0.0/28")

    @OptionGroup var exclusion: ExclusionOption
    @OptionGroup(title: "Everywhere") var options: ClientOptions

    func work(_ session: Session) throws {
      session.showChange(
        try session.call("range.include", .members(["cidrs": .optional(exclusion.cidrs)])))
    }
  }
}

extension Session {
  /// The ranges that a change touched, and who holds addresses there.
  func showChange(_ answer: JSON) {
    show(list: answer, Column.ranges, empty: "Done.")
    guard output == nil || output == .table || output == .wide else { return }
    for owner in answer["held"]?.array ?? [] {
      Console.complain("Still held by \(owner.text(at: "kind")) \(Owner.name(of: owner)).\n")
    }
  }
}
