/// `CNI_ARGS`: who the pod is, and an address that was asked for.
///
/// `K=V;K=V`, in any order. Keys that the plugin does not know are refused unless `IgnoreUnknown`
/// is true; those that name a pod never are.
package struct Arguments: Sendable, Hashable {
  package private(set) var namespace: String?
  package private(set) var podName: String?
  package private(set) var podUID: String?

  /// What `IP` says; more than one with commas.
  package private(set) var addresses: [String] = []

  package init() {}

  package init(_ text: String) throws(PluginError) {
    var unknown: [String] = []
    var ignoresUnknown = false
    for pair in text.split(separator: ";") {
      guard let equals = pair.firstIndex(of: "=") else {
        throw PluginError(
          .invalidEnvironment, "CNI_ARGS: invalid pair \"\(pair)\"",
          details: "it is KEY=VALUE;KEY=VALUE")
      }
      let value = String(pair[pair.index(after: equals)...])
      let present = value.isEmpty ? nil : value
      switch pair[..<equals] {
      case "K8S_POD_NAMESPACE": namespace = present
      case "K8S_POD_NAME": podName = present
      case "K8S_POD_UID": podUID = present
      case "K8S_POD_INFRA_CONTAINER_ID": continue
      case "IP": addresses = value.split(separator: ",").map { String($0) }
      case "IgnoreUnknown":
        ignoresUnknown = ["1", "true", "True", "TRUE", "t", "T"].contains(value)
      default: unknown.append("\"\(pair)\"")
      }
    }
    guard unknown.isEmpty || ignoresUnknown else {
      throw PluginError(
        .invalidEnvironment, "CNI_ARGS: unknown args [\(unknown.joined(separator: " "))]",
        details: "IgnoreUnknown=1 among them lets them pass")
    }
  }

  /// What of the text can be read: for DEL, which nothing of this may stop.
  package init(lenient text: String) {
    let known = text.split(separator: ";").filter { pair in
      pair.hasPrefix("K8S_POD_N") || pair.hasPrefix("K8S_POD_UID=")
    }
    self = (try? Arguments(known.joined(separator: ";") + ";IgnoreUnknown=1")) ?? Arguments()
  }
}
