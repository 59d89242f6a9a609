internal import IPLedgerClient

/// The names of what a daemon holds, for a param of a method.
struct ObjectNames {
  let call: Shell.Call

  /// No more than so many are looked at.
  private static let most: JSON = 200

  /// Nothing when the daemon does not say.
  func names(of param: String, in method: String) -> [String] {
    let group = method.prefix { $0 != "." }
    switch param {
    case "node": return items("node.list", "name")
    case "name":
      switch group {
      case "pod", "service", "node", "range": return items("\(group).list", "name")
      default: return []
      }
    case "namespace": return items("\(group == "service" ? "service" : "pod").list", "namespace")
    case "containerID", "uid", "network", "interface": return items("pod.list", param)
    case "ip":
      return list("pod.list").flatMap { $0["podIPs"]?.strings ?? [] }
    case "cidr": return items("range.list", "cidr")
    default: return []
    }
  }

  private func items(_ method: String, _ member: String) -> [String] {
    list(method).compactMap { $0[member]?.string }
  }

  private func list(_ method: String) -> [JSON] {
    (try? call(method, ["limit": Self.most]))?["items"]?.array ?? []
  }
}
