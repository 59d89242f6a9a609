import ArgumentParser
import IPLedgerClient

/// `KEY=VALUE`, as labels are given.
struct LabelOption: ExpressibleByArgument, Equatable {
  let key: String
  let value: String

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else {
      return nil
    }
    key = String(argument[..<equals])
    value = String(argument[argument.index(after: equals)...])
  }

  /// The object of `labels`; the last of a name counts.
  static func object(_ labels: [LabelOption]) -> JSON? {
    guard !labels.isEmpty else { return nil }
    return labels.reduce([:]) { $0.with($1.key, .string($1.value)) }
  }
}
