internal import IPLedgerClient

/// Why the plugin failed, as the runtime is told.
///
/// Users see `message; details`: each is one readable line.
package struct PluginError: Error, Sendable, Hashable {
  package let code: Code
  package let message: String
  package let details: String

  package init(_ code: Code, _ message: String, details: String = "") {
    self.code = code
    self.message = message
    self.details = details
  }

  /// The specification's codes, and the plugin's own from 100 on.
  package enum Code: Int, Sendable {
    case incompatibleVersion = 1
    case invalidEnvironment = 4
    case ioFailure = 5
    case notDecodable = 6
    case invalidConfig = 7
    case tryAgainLater = 11
    case notAvailable = 50

    /// No address is free.
    case exhausted = 100
    /// Another owner has the address that was asked for.
    case alreadyReserved = 101
    /// The address that was asked for is in no range, or never handed out.
    case outOfRange = 102
    /// The daemon knows no such node or network.
    case notFound = 103
    /// This user may not do that.
    case forbidden = 104
    /// The attachment holds other addresses than those asked for.
    case conflict = 105
    /// CHECK: what the attachment shall hold it does not.
    case notHeld = 106
    /// What the daemon says otherwise.
    case refused = 107
  }

  /// The document for standard output.
  package func document(_ version: CNIVersion) -> [UInt8] {
    var members: [JSON.Member] = [
      JSON.Member("cniVersion", .string(version.rawValue)),
      JSON.Member("code", .int(Int64(code.rawValue))),
      JSON.Member("msg", .string(message)),
    ]
    if !details.isEmpty { members.append(JSON.Member("details", .string(details))) }
    return JSON.object(members).bytes + [UInt8(ascii: "\n")]
  }
}
