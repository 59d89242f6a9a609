internal import Addressing
internal import IPLedgerClient

/// A route of the configuration: handed on as it is.
struct Route: Sendable, Hashable {
  let json: JSON
  let family: IPFamily

  static func routes(of config: NetworkConfig) throws(PluginError) -> [Route] {
    var routes: [Route] = []
    for (index, json) in (try config.ipam.list("routes") ?? []).enumerated() {
      let path = "ipam.routes[\(index)]"
      guard json.members != nil else {
        throw PluginError(.invalidConfig, "\(path) must be an object with a dst")
      }
      let object = ConfigObject(json: json, path: path)
      guard let text = try object.text("dst") else { throw object.wrong("dst", "is missing") }
      guard text.contains("/"), let address = RequestedAddresses.address(text) else {
        throw object.wrong("dst", "'\(text)' is no CIDR, as 0.0.0.0/0")
      }
      routes.append(Route(json: json, family: address.family))
    }
    return routes
  }

  /// Only what versions before 0.3.0 know.
  var oldJSON: JSON {
    let members = ["dst", "gw"].compactMap { name in
      json.find(name).map { JSON.Member(name, $0) }
    }
    return .object(members)
  }
}
