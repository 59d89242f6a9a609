/// What the runtime's environment says: which command, and for which attachment.
///
/// A variable that is set but empty is absent: runtimes set all of them always.
package struct Invocation: Sendable, Hashable {
  package enum Command: String, Sendable, CaseIterable {
    case add = "ADD"
    case delete = "DEL"
    case check = "CHECK"
    case collect = "GC"
    case status = "STATUS"
    case version = "VERSION"
  }

  /// One interface of one container.
  package struct Attachment: Sendable, Hashable {
    package let containerID: String
    package let interface: String

    package init(containerID: String, interface: String) {
      self.containerID = containerID
      self.interface = interface
    }
  }

  package let command: Command

  /// Nil for the commands that are about no container.
  package let attachment: Attachment?

  /// `CNI_ARGS` as it stands; only the commands that are about a container look at it.
  package let arguments: String

  /// Throws what is wrong with the environment; every missing variable is named.
  package init(environment: [String: String]) throws(PluginError) {
    func value(_ name: String) -> String? {
      environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
    let name = value("CNI_COMMAND") ?? ""
    guard let command = Command(rawValue: name) else {
      throw PluginError(
        .invalidEnvironment, "unknown CNI_COMMAND: \(name)",
        details: "it is one of \(Command.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    self.command = command
    let missing = Self.required(command).filter { value($0) == nil }
    guard missing.isEmpty else {
      throw PluginError(
        .invalidEnvironment, "required env variables [\(missing.joined(separator: ","))] missing")
    }
    arguments = value("CNI_ARGS") ?? ""
    guard command.isAboutContainer else {
      attachment = nil
      return
    }
    let attachment = Attachment(
      containerID: value("CNI_CONTAINERID") ?? "", interface: value("CNI_IFNAME") ?? "")
    try Self.check(attachment)
    self.attachment = attachment
  }

  /// What a command cannot do without; `CNI_PATH` belongs to those who start other plugins.
  private static func required(_ command: Command) -> [String] {
    switch command {
    case .add, .check: ["CNI_CONTAINERID", "CNI_NETNS", "CNI_IFNAME"]
    case .delete: ["CNI_CONTAINERID", "CNI_IFNAME"]
    case .collect, .status, .version: []
    }
  }

  private static func check(_ attachment: Attachment) throws(PluginError) {
    guard isIdentifier(attachment.containerID) else {
      throw PluginError(
        .invalidEnvironment,
        "invalid characters in CNI_CONTAINERID: '\(attachment.containerID)'",
        details: "it starts with a letter or digit; then come those and _ . -")
    }
    let name = attachment.interface
    guard (1...15).contains(name.utf8.count) else {
      throw PluginError(
        .invalidEnvironment, "CNI_IFNAME '\(name)' has \(name.utf8.count) bytes",
        details: "the name of an interface has 1 to 15")
    }
    let isBad = name.unicodeScalars.contains { scalar in
      scalar == "/" || scalar == ":" || scalar.properties.isWhitespace || scalar.value < 0x20
    }
    guard name != ".", name != "..", !isBad else {
      throw PluginError(
        .invalidEnvironment, "CNI_IFNAME '\(name)' is no name of an interface",
        details: "it is not . or .., and has no /, no : and no white space")
    }
  }

  /// Letters and digits, and behind the first one also `_`, `.` and `-`.
  ///
  /// Names of networks follow the same rule.
  static func isIdentifier(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetterOrDigit(first) else { return false }
    let marks = Array("_.-".utf8)
    return text.utf8.allSatisfy { isLetterOrDigit($0) || marks.contains($0) }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}

extension Invocation.Command {
  /// Whether it is about one attachment.
  package var isAboutContainer: Bool {
    switch self {
    case .add, .delete, .check: true
    case .collect, .status, .version: false
    }
  }
}
