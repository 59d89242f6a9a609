import FaultKit
import Foundation

/// A daemon, a node `w`, and the plugin as a runtime starts it.
final class CNIBench: @unchecked Sendable {
  /// How one execution of the plugin ended.
  struct Run: CustomStringConvertible {
    let isSuccess: Bool
    let output: String
    let errors: String

    /// The one document on standard output; nil when there is none, or more than that.
    var json: JSON? { JSON(parsing: output) }

    /// The addresses of a result since 0.3.0, with their prefix lengths.
    var addresses: [String] { (json?["ips"]?.list ?? []).compactMap { $0["address"]?.text } }

    /// The code of an error; nil for a success.
    var code: Int? { isSuccess ? nil : json?["code"]?.int }
    var description: String { "success: \(isSuccess), stdout: \(output), stderr: \(errors)" }
  }

  // Replaced by one thread only, while nobody else is at work.
  private(set) var daemon: DaemonProcess

  init(_ setup: DaemonSetup = .dual, registersNode: Bool = true) throws {
    daemon = try DaemonProcess.start(setup)
    guard registersNode else { return }
    let answer = try client().request("node.register", ["name": "w"])
    guard answer.result != nil else { throw HarnessFailure.ended("node w: \(answer)") }
  }

  func client() throws -> LineClient { try daemon.client() }

  func kill() throws { try daemon.kill() }

  func startAgain() throws { daemon = try daemon.startAgain() }

  /// The network configuration as a main plugin hands it on.
  func config(
    _ version: String = "1.1.0", network: String = "pods", ipam: JSON = [:], _ more: JSON = [:]
  ) -> String {
    var own: JSON = [
      "type": "ipledger-cni", "socket": .string(daemon.socketPath), "node": "w",
    ]
    for (name, value) in ipam.members ?? [:] { own = own.with(name, value) }
    var config: JSON = [
      "cniVersion": .string(version), "name": .string(network), "type": "bridge", "ipam": own,
    ]
    for (name, value) in more.members ?? [:] { config = config.with(name, value) }
    return config.line
  }

  /// Runs the plugin with every variable set, as runtimes do; nil: the usual configuration.
  func run(
    _ command: String, _ container: String = "", interface: String = "eth0",
    arguments: String = "", config: String? = nil, environment: [String: String] = [:]
  ) throws -> Run {
    let variables = [
      "CNI_COMMAND": command, "CNI_CONTAINERID": container, "CNI_IFNAME": interface,
      "CNI_NETNS": command == "DEL" ? "" : "/run/netns/gone", "CNI_ARGS": arguments,
      "CNI_PATH": "/opt/cni/bin",
    ]
    let ended = try ChildProcess.run(
      Environment.pluginPath, [], input: config ?? self.config(),
      environment: Environment.clean.merging(variables) { $1 }.merging(environment) { $1 })
    return Run(
      isSuccess: ended.status == .exited(0), output: ended.output, errors: ended.errors)
  }

  /// What the node holds in the default network: the keys of pods.
  func held() throws -> [JSON] { try client().all("pod.list", ["node": "w"]) }

  static func kubernetes(_ name: String, namespace: String = "ns") -> String {
    "IgnoreUnknown=1;K8S_POD_NAMESPACE=\(namespace);K8S_POD_NAME=\(name);K8S_POD_UID=u-\(name)"
  }
}
