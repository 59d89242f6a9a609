import FaultKit
import Foundation

/// A machine of network namespaces: one is the host where the main plugin runs, the others are pods.
///
/// They are gone with the value; names are its own, so that tests may run beside each other. Needs
/// root.
final class PodNetwork {
  private let prefix: String
  private var names: [String] = []
  private let pluginPath: String

  private static let plugins = "/usr/lib/cni"
  private static let ip = "/usr/sbin/ip"

  init() throws {
    prefix = "ipl-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    let own = URL(fileURLWithPath: Environment.pluginPath).deletingLastPathComponent().path
    pluginPath = Self.plugins + ":" + own
    try add("host")
    try run("host", [Self.ip, "link", "set", "lo", "up"])
  }

  deinit {
    for name in names { _ = try? ChildProcess.run(Self.ip, ["netns", "del", name]) }
  }

  /// Makes the namespace of a pod, or of the host.
  func add(_ name: String) throws {
    let own = "\(prefix)-\(name)"
    let made = try ChildProcess.run(Self.ip, ["netns", "add", own])
    guard made.status == .exited(0) else { throw HarnessFailure.ended(made.errors) }
    names.append(own)
  }

  /// Runs a tool in a namespace to its end; throws when it fails.
  @discardableResult
  func run(_ name: String, _ command: [String]) throws -> String {
    let ended = try ChildProcess.run(Self.ip, ["netns", "exec", "\(prefix)-\(name)"] + command)
    guard ended.status == .exited(0) else {
      throw HarnessFailure.ended("\(command): \(ended.output) \(ended.errors)")
    }
    return ended.output
  }

  /// Runs one of Debian's plugins in the host's namespace, as a runtime does.
  func plugin(
    _ command: String, _ pod: String, config: String, arguments: String = "",
    name: String = "bridge"
  ) throws -> CNIBench.Run {
    let variables = [
      "CNI_COMMAND": command, "CNI_CONTAINERID": pod, "CNI_IFNAME": "eth0",
      "CNI_NETNS": "/run/netns/\(prefix)-\(pod)", "CNI_ARGS": arguments, "CNI_PATH": pluginPath,
    ]
    let ended = try ChildProcess.run(
      Self.ip, ["netns", "exec", "\(prefix)-host", "\(Self.plugins)/\(name)"], input: config,
      environment: Environment.clean.merging(variables) { $1 })
    return CNIBench.Run(
      isSuccess: ended.status == .exited(0), output: ended.output, errors: ended.errors)
  }

  /// Whether the address answers from inside the pod.
  func ping(from pod: String, _ address: String) throws {
    try run(pod, ["ping", "-c", "1", "-W", "5", address])
  }
}
