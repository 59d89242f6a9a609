import IPLedgerClient

/// One object with the call that it needs.
struct ManifestStep {
  let manifest: Manifest
  let place: ManifestFile.Place
  let file: Int
  let method: String
  let params: JSON

  /// What the ledger had before.
  let before: JSON?

  /// `{"method","params"}`, as `transaction` takes it.
  var operation: JSON { ["method": .string(method), "params": params] }
}

/// What became of an object.
struct ManifestOutcome {
  let title: String
  let verb: String
  let addresses: [String]
  /// Lines of what is different now, with - and + in front.
  let changes: [String]

  init(title: String, verb: String, addresses: [String] = [], changes: [String] = []) {
    self.title = title
    self.verb = verb
    self.addresses = addresses
    self.changes = changes
  }

  init(_ step: ManifestStep, _ result: JSON, isDryRun: Bool) {
    title = step.manifest.title
    addresses = Self.addresses(of: result)
    let isSame =
      result["existing"]?.bool == true
      || (step.before != nil && step.before?["revision"] == result["revision"])
    let hasHeld = result["released"]?.array?.isEmpty != true || step.verb != "released"
    let done = isSame ? "unchanged" : hasHeld ? step.verb : "held nothing"
    changes = isSame || step.before == nil ? [] : Self.changes(step.before ?? .null, result)
    verb = isDryRun && (!isSame || !changes.isEmpty) ? "\(done) (dry run)" : done
  }

  private static func addresses(of result: JSON) -> [String] {
    let all =
      result["podIPs"] ?? result["podCIDRs"] ?? result["spec"]?["clusterIPs"] ?? result["released"]
    let ingress = result["status"]?["loadBalancer"]?["ingress"]?.array ?? []
    return (all?.strings ?? []) + ingress.compactMap { $0["ip"]?.string }
  }

  /// The address fields of a Service, before and after.
  private static func changes(_ before: JSON, _ after: JSON) -> [String] {
    ["type", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "externalName"].flatMap { field in
      let old = before["spec"]?[field]
      let new = after["spec"]?[field]
      guard old != new else { return [String]() }
      return [old.map { "- \(field): \($0.cell)" }, new.map { "+ \(field): \($0.cell)" }]
        .compactMap { $0 }
    }
  }

  /// For standard error.
  func text(_ palette: Palette) -> String {
    let line =
      "\(title) \(palette.green(verb))"
      + (addresses.isEmpty ? "" : " \(addresses.joined(separator: ","))")
    let more = changes.map { $0.hasPrefix("-") ? palette.red($0) : palette.green($0) }
    return ([line] + more.map { "  " + $0 }).joined(separator: "\n") + "\n"
  }

  /// For a table.
  var item: JSON {
    .members([
      "object": .string(title), "result": .string(verb), "addresses": .optional(addresses),
    ])
  }
}

extension ManifestStep {
  /// What its method does, in one word.
  var verb: String {
    switch method {
    case "service.update": "updated"
    case "service.adopt": "adopted"
    case "node.register": "registered"
    case "pod.reserve", "service.reserve": "reserved"
    default: "released"
    }
  }
}

extension Column {
  static let outcomes = [
    Column("OBJECT", at: "object"), Column("RESULT", at: "result"),
    Column("ADDRESSES", at: "addresses"),
  ]
}
