import IPLedgerClient

extension Session {
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

  /// Shows one object as the only line of a table, when a table is what people know it by.
  func show(item: JSON, _ columns: [Column]) {
    switch output {
    case .json: Console.write(item.indented)
    case .yaml: Console.write(item.yaml)
    case .table, .wide, nil:
      Console.write(Table(columns, wide: output == .wide).text([item], .ofOutput))
    }
  }
}
