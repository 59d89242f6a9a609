import IPLedgerClient

extension Column {
  static let records = [
    Column("REVISION", number: true, at: "revision"), Column("TIME", at: "time"),
    Column("TYPE", at: "type"), Column("KIND", at: "kind"),
    Column("OBJECT") { Owner.name(of: $0["object"] ?? .null) },
    Column("ADDRESSES") { Owner.addresses(of: $0["object"] ?? .null) },
    Column("ACTOR", wide: true, at: "actor"),
  ]

  static let history = [
    Column("REVISION", number: true, at: "revision"), Column("TIME", at: "time"),
    Column("TYPE", at: "type"), Column("KIND", at: "owner.kind"),
    Column("OWNER") { Owner.name(of: $0["owner"] ?? .null) }, Column("ACTOR", at: "actor"),
  ]
}

/// An owner or an object of a record, in words for a cell.
enum Owner {
  static func name(of object: JSON) -> String {
    let parts = [object["namespace"], object["name"]].compactMap { $0?.string }
    guard !parts.isEmpty else { return object.text(at: "cidr") }
    return parts.joined(separator: "/").printable
  }

  static func addresses(of object: JSON) -> String {
    for path in ["podIPs", "spec.clusterIPs", "podCIDRs", "cidrs"] {
      let text = object.text(at: path)
      if text != "-" { return text }
    }
    return object.text(at: "cidr")
  }
}
