internal import IPLedgerClient

/// The configuration on standard input, as far as every command needs it.
///
/// What belongs to others in it is not looked at.
package struct NetworkConfig: Sendable {
  package let version: CNIVersion

  /// The network's name: runtimes know attachments by it.
  package let name: String

  /// The whole document.
  let root: ConfigObject

  /// The part that is the plugin's.
  let ipam: ConfigObject

  package init(_ bytes: [UInt8]) throws(PluginError) {
    let root = try Self.root(bytes)
    self.root = root
    guard let name = try root.text("name") else { throw root.wrong("name", "is missing") }
    guard Invocation.isIdentifier(name) else {
      throw root.wrong(
        "name", "'\(name)': it starts with a letter or digit; then come those and _ . -")
    }
    self.name = name
    // In this order, as in the library that other plugins are made with.
    version = try CNIVersion(text: try root.text("cniVersion"))
    guard let ipam = try root.object("ipam") else {
      throw PluginError(.invalidConfig, "IPAM config missing 'ipam' key")
    }
    self.ipam = ipam
  }

  private static func root(_ bytes: [UInt8]) throws(PluginError) -> ConfigObject {
    let json: JSON
    do throws(JSONTextError) {
      json = try JSON(bytes: bytes)
    } catch {
      throw PluginError(
        .notDecodable, "the network configuration on stdin is not JSON",
        details: error.description)
    }
    guard json.members != nil else {
      throw PluginError(.notDecodable, "the network configuration on stdin is no JSON object")
    }
    return ConfigObject(json: json, path: "")
  }

  /// The version to answer in when all else may be wrong.
  package static func version(of bytes: [UInt8]) -> CNIVersion? {
    guard let root = try? root(bytes) else { return nil }
    guard let text = try? root.text("cniVersion") else { return .v010 }
    return CNIVersion(rawValue: text)
  }
}
