import FaultKit
import Testing

/// A daemon on which the rows of a table are tried one after the other, each with a Service of its
/// own that is gone afterwards.
final class ServiceBench {
  let cluster: Cluster
  let daemon: DaemonProcess
  let client: LineClient
  private var made = 0

  init(_ cluster: Cluster, _ setup: DaemonSetup? = nil) throws {
    self.cluster = cluster
    daemon = try DaemonProcess.start(setup ?? cluster.setup)
    client = try daemon.client()
  }

  func newName() -> String {
    made += 1
    return "service-\(made)"
  }

  func send(_ method: String, _ name: String, _ spec: JSON) throws -> Answer {
    try client.request(method, ["namespace": "t", "name": .string(name), "spec": spec])
  }

  @discardableResult
  func release(_ name: String) throws -> Answer {
    try client.request("service.release", ["namespace": "t", "name": .string(name)])
  }

  /// Tries every row with `method`, and records what is not as the table says.
  func run(_ method: String, _ cases: [ServiceCase]) throws {
    for row in cases {
      let name = newName()
      let answer = try send(method, name, row.spec)
      report(row, Self.mismatch(answer, row.expected), answer)
      report(row, try releaseMismatch(name, answer), answer)
    }
  }

  func report(_ row: ServiceCase, _ problem: String?, _ answer: Answer) {
    guard let problem else { return }
    Issue.record("\(cluster), \(row.what): \(problem)\nspec \(row.spec)\nanswer \(answer)")
  }

  /// A Service gives back exactly what it held; one that was refused held nothing.
  private func releaseMismatch(_ name: String, _ answer: Answer) throws -> String? {
    let held = (answer.result?["spec"]?["clusterIPs"]?.strings ?? []).filter { $0 != "None" }
    let released = try release(name)
    guard let got = released.result?["released"]?.strings else { return "release: \(released)" }
    return got == held ? nil : "released \(got)"
  }

  /// What is wrong with the answer; nil when it is as expected.
  static func mismatch(_ answer: Answer, _ expected: ServiceExpectation) -> String? {
    switch expected {
    case .granted(let policy, let families, let addresses):
      guard let spec = answer.result?["spec"] else { return "expected \(policy) \(families)" }
      return mismatch(spec, policy, families, addresses)
    case .external:
      guard let spec = answer.result?["spec"] else { return "expected an ExternalName" }
      let names = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"]
      let there = names.filter { spec[$0] != nil }
      return there.isEmpty ? nil : "an ExternalName with \(there)"
    case .invalid(let causes):
      guard answer.code == -32602 else { return "expected InvalidParams \(causes.sorted())" }
      return answer.causes == causes ? nil : "expected exactly \(causes.sorted())"
    case .invalidAtLeast(let causes):
      guard answer.code == -32602 else { return "expected InvalidParams \(causes.sorted())" }
      return answer.causes.isSuperset(of: causes) ? nil : "expected \(causes.sorted())"
    case .refused(let code, let reason, let fields):
      guard answer.code == code, answer.reason == reason else { return "expected \(reason)" }
      let got = Set((answer.data?["causes"]?.list ?? []).compactMap { $0["field"]?.text })
      return got == fields ? nil : "expected \(reason) at \(fields.sorted())"
    }
  }

  private static func mismatch(
    _ spec: JSON, _ policy: String, _ families: [Family], _ addresses: ServiceAddresses
  ) -> String? {
    guard spec["ipFamilyPolicy"]?.text == policy else { return "expected policy \(policy)" }
    guard spec["ipFamilies"]?.strings == families.map(\.rawValue) else {
      return "expected families \(families)"
    }
    guard let plural = spec["clusterIPs"]?.strings, let first = plural.first,
      spec["clusterIP"]?.text == first
    else { return "clusterIP is not the first of clusterIPs" }
    if case .headless = addresses {
      return plural == ["None"] ? nil : "expected None alone"
    }
    guard plural.map({ Family.of($0) }) == families else {
      return "expected one address of each of \(families)"
    }
    let strays = plural.filter { !AddressText.isCanonical($0) }
    return strays.isEmpty ? nil : "not canonical: \(strays)"
  }
}
