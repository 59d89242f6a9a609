/// Who holds an address, as errors and `ip.get` name it.
package enum OwnerReference: Sendable, Hashable {
  /// A pod's interface; `containerID` is nil when none was given at the reserve.
  case pod(
    namespace: String, name: String, containerID: String?, interface: String, network: String)
  case service(namespace: String, name: String)
  case node(name: String)
  case range(name: String)

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    switch self {
    case .pod(let namespace, let name, let containerID, let interface, let network):
      writer.member("kind", "Pod")
      writer.member("namespace", namespace)
      writer.member("name", name)
      writer.member("containerID", containerID)
      writer.member("interface", interface)
      writer.member("network", network)
    case .service(let namespace, let name):
      writer.member("kind", "Service")
      writer.member("namespace", namespace)
      writer.member("name", name)
    case .node(let name):
      writer.member("kind", "Node")
      writer.member("name", name)
    case .range(let name):
      writer.member("kind", "Range")
      writer.member("name", name)
    }
    writer.endObject()
  }

  /// As sentences name it.
  var text: String {
    switch self {
    case .pod(let namespace, let name, _, let interface, _):
      "\(interface) of pod \(namespace)/\(name)"
    case .service(let namespace, let name): "Service \(namespace)/\(name)"
    case .node(let name): "node \(name)"
    case .range(let name): "range \(name)"
    }
  }
}
