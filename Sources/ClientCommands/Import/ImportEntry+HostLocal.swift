import Addressing
import IPLedgerClient

extension ImportEntry {
  /// What the CNI plugin host-local keeps: a file an address, named after it, which says the
  /// container and the interface.
  ///
  /// - Parameters:
  ///   - files: name and contents of each file.
  ///   - names: pods by container, as far as they are known.
  static func hostLocal(
    _ files: [(name: String, text: String)], node: String, names: [String: JSON]
  ) throws -> [ImportEntry] {
    var order: [[String]] = []
    var addresses: [[String]: [IPAddress]] = [:]
    for file in files.sorted(by: { $0.name < $1.name }) {
      // IPv6 addresses may stand there with _ for the colons.
      guard let address = IPAddress(file.name.replacing("_", with: ":")) else { continue }
      let lines = file.text.split { $0.isNewline || $0 == " " }.map { String($0) }
      guard let container = lines.first else {
        throw CommandFailure(
          .invalid, "the file \(file.name) names no container",
          next: "remove it if nobody has that address")
      }
      let key = [container, lines.count > 1 ? lines[1] : "eth0"]
      if addresses[key] == nil { order.append(key) }
      addresses[key, default: []].append(address)
    }
    return order.map { key in
      let ips = (addresses[key] ?? []).sorted { $0.family.rawValue < $1.family.rawValue }
      let texts = ips.map { "\($0)" }
      let pod = names[key[0]]
      let params: JSON = .members([
        "node": .string(node), "namespace": pod?["namespace"] ?? "host-local",
        "name": pod?["name"] ?? .string(key[0]), "containerID": .string(key[0]),
        "interface": .string(key[1]), "ips": .optional(texts),
      ])
      return ImportEntry(kind: .pod, params: params, addresses: texts)
    }
  }

  /// Pods by container, out of what `crictl pods -o json` printed.
  static func names(ofContainers answer: JSON) -> [String: JSON] {
    let items = answer["items"]?.array ?? []
    let pairs = items.compactMap { item -> (String, JSON)? in
      guard let id = item["id"]?.string, let pod = item["metadata"] else { return nil }
      return (id, pod)
    }
    return Dictionary(pairs) { first, _ in first }
  }
}
