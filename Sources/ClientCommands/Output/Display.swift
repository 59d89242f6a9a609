import IPLedgerClient

/// How results are shown: as tables, or as they came.
struct Display {
  let output: OutputFormat?

  /// Shows one object: member by member, or as it came.
  func show(_ value: JSON) {
    switch output {
    case .json: Console.write(value.indented)
    case .yaml: Console.write(value.yaml)
    case .table, .wide, nil: Console.write(value.described(.ofOutput))
    }
  }

  /// Shows the items of a list: as lines of a table, or the whole answer as it came.
  func show(list answer: JSON, _ columns: [Column], empty: String) {
    switch output {
    case .json: Console.write(answer.indented)
    case .yaml: Console.write(answer.yaml)
    case .table, .wide, nil:
      let items = answer["items"]?.array ?? []
      guard !items.isEmpty else { return Console.complain(empty + "\n") }
      Console.write(Table(columns, wide: output == .wide).text(items, .ofOutput))
    }
  }
}

extension Session {
  func show(_ value: JSON) { Display(output: output).show(value) }

  func show(list answer: JSON, _ columns: [Column], empty: String) {
    Display(output: output).show(list: answer, columns, empty: empty)
  }
}
