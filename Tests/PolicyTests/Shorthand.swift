import Addressing
import Policy

// The tables are written in a shorthand, so that they look like those of the semantics page:
// `SS`, `PDS`, `RDS`; `4,6`; `a4` and `b6` for addresses; `-` for what is left out.

private let policies = [
  "SS": "SingleStack", "PDS": "PreferDualStack", "RDS": "RequireDualStack",
]

private let addresses = [
  "a4": "10.96.0.20", "b4": "10.96.0.21", "a6": "fd00:10:96::20", "b6": "fd00:10:96::21",
]

private func long(_ names: [String: String], _ short: String) -> String {
  names[short] ?? short
}

private func short(_ names: [String: String], _ long: String) -> String {
  names.first { $0.value == long }?.key ?? long
}

private func list(_ text: String) -> [String]? {
  text == "-" ? nil : text.split(separator: ",").map(String.init)
}

/// A spec from its shorthand: the singular is that of `ips` unless it is given.
func spec(
  _ policy: String = "-", _ families: String = "-", _ ips: String = "-", singular: String? = nil,
  type: String? = nil, selector: [String: String]? = ["app": "web"]
) -> ServiceSpec {
  let plural = list(ips)?.map { long(addresses, $0) }
  let clusterIP =
    if let singular { singular == "-" ? nil : long(addresses, singular) } else { plural?.first }
  return ServiceSpec(
    type: type, clusterIP: clusterIP, clusterIPs: plural,
    ipFamilyPolicy: policy == "-" ? nil : long(policies, policy),
    ipFamilies: list(families)?.map { ["4": "IPv4", "6": "IPv6"][$0] ?? $0 }, selector: selector)
}

/// The same of an ExternalName Service.
func externalName(
  _ name: String? = "db.example.com", _ policy: String = "-", _ families: String = "-",
  _ ips: String = "-", singular: String? = nil
) -> ServiceSpec {
  var spec = spec(policy, families, ips, singular: singular, type: "ExternalName")
  spec.externalName = name
  return spec
}

/// `RDS 4,6: =a4 ?6 -b6`: policy, families, wishes (`=` kept, `+` fixed, `?` automatic), and what
/// is released; or `✗ P F1 C0:Required`: every finding, its reason where it is not Invalid.
func outcome(_ work: () throws(PolicyRefusal) -> ServicePlan) -> String {
  do throws(PolicyRefusal) {
    return describe(try work())
  } catch {
    return describe(error)
  }
}

func describe(_ refusal: PolicyRefusal) -> String {
  (["✗"] + refusal.causes.map(describe)).joined(separator: " ")
}

private func describe(_ cause: Cause) -> String {
  let fields = [
    ("spec.ipFamilyPolicy", "P"), ("spec.ipFamilies", "F"), ("spec.clusterIPs", "C"),
    ("spec.clusterIP", "c"), ("spec.type", "T"), ("spec.externalName", "N"),
    ("spec.loadBalancerClass", "L"),
  ]
  let (name, letter) = fields.first { cause.field.hasPrefix($0.0) } ?? ("", "")
  let index = cause.field.dropFirst(name.count).filter { $0 != "[" && $0 != "]" }
  return letter + index + (cause.reason == .invalid ? "" : ":\(cause.reason.rawValue)")
}

private func describe(_ plan: ServicePlan) -> String {
  let policy = plan.spec.ipFamilyPolicy.map { short(policies, $0) } ?? "-"
  let families = plan.spec.ipFamilies?.map { String($0.suffix(1)) }.joined(separator: ",") ?? "-"
  let wishes =
    plan.wishes.isEmpty ? plan.spec.clusterIPs ?? ["-"] : plan.wishes.map(describe)
  let released = plan.released.map { "-" + short(addresses, $0.description) }
  return "\(policy) \(families): " + (wishes + released).joined(separator: " ")
}

private func describe(_ wish: AddressWish) -> String {
  switch wish {
  case .keep(let address): "=" + short(addresses, address.description)
  case .fixed(let address): "+" + short(addresses, address.description)
  case .automatic(let family): "?\(family.rawValue)"
  }
}
