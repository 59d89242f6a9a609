/// A cell of a table of semantics §2: what is asked for, where, and what comes of it.
struct FamilyCase: Sendable, CustomStringConvertible {
  let cluster: ClusterKind
  let policy: String
  let families: String
  /// `SS 4`, or what is refused.
  let expected: String

  var description: String { "\(cluster) \(policy) [\(families)] → \(expected)" }
}

/// The tables of semantics §2.2 and §2.3, a row for each policy, a column for each list.
enum FamilyTables {
  private static let columns = ["-", "4", "6", "4,6", "6,4"]

  /// §2.2, with what is refused as §4.2 has it.
  static let checked = [
    cells(
      .v4,
      [
        ("-", ["SS 4", "SS 4", "✗ F0", "✗ P", "✗ P"]),
        ("SS", ["SS 4", "SS 4", "✗ F0", "✗ P", "✗ P"]),
        ("PDS", ["PDS 4", "PDS 4", "✗ F0", "✗ F1", "✗ F0"]),
        ("RDS", ["✗ P", "✗ P", "✗ P F0", "✗ P F1", "✗ P F0"]),
      ]),
    cells(
      .v6,
      [
        ("-", ["SS 6", "✗ F0", "SS 6", "✗ P", "✗ P"]),
        ("SS", ["SS 6", "✗ F0", "SS 6", "✗ P", "✗ P"]),
        ("PDS", ["PDS 6", "✗ F0", "PDS 6", "✗ F0", "✗ F1"]),
        ("RDS", ["✗ P", "✗ P F0", "✗ P", "✗ P F0", "✗ P F1"]),
      ]),
    cells(.dual46, dual(primary: "4", both: "4,6")),
    cells(.dual64, dual(primary: "6", both: "6,4")),
  ].flatMap(\.self)

  private static func dual(primary: String, both: String) -> [(String, [String])] {
    [
      ("-", ["SS \(primary)", "SS 4", "SS 6", "✗ P", "✗ P"]),
      ("SS", ["SS \(primary)", "SS 4", "SS 6", "✗ P", "✗ P"]),
      ("PDS", ["PDS \(both)", "PDS 4,6", "PDS 6,4", "PDS 4,6", "PDS 6,4"]),
      ("RDS", ["RDS \(both)", "RDS 4,6", "RDS 6,4", "RDS 4,6", "RDS 6,4"]),
    ]
  }

  /// §2.3; a cluster without Service ranges is taken for an IPv4 one.
  static let unchecked = ClusterKind.allCases.flatMap { cluster in
    let isSix = cluster == .v6 || cluster == .dual64
    let (primary, both) = isSix ? ("6", "6,4") : ("4", "4,6")
    return cells(
      cluster,
      [
        ("-", ["RDS \(both)", "RDS 4,6", "RDS 6,4", "RDS 4,6", "RDS 6,4"]),
        ("SS", ["SS \(primary)", "SS 4", "SS 6", "✗ P", "✗ P"]),
        ("PDS", ["PDS \(both)", "PDS 4,6", "PDS 6,4", "PDS 4,6", "PDS 6,4"]),
        ("RDS", ["RDS \(both)", "RDS 4,6", "RDS 6,4", "RDS 4,6", "RDS 6,4"]),
      ])
  }

  private static func cells(
    _ cluster: ClusterKind, _ rows: [(policy: String, results: [String])]
  ) -> [FamilyCase] {
    rows.flatMap { row in
      zip(columns, row.results).map { families, expected in
        FamilyCase(
          cluster: cluster, policy: row.policy, families: families, expected: expected)
      }
    }
  }
}
