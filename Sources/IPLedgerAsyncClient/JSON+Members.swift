internal import IPLedgerClient

extension JSON {
  /// An object of the members that have a value.
  init(members: [(String, JSON?)]) {
    self = .object(members.compactMap { name, value in value.map { Member(name, $0) } })
  }

  /// Nil when there are no strings.
  init?(strings: [String]) {
    guard !strings.isEmpty else { return nil }
    self = .array(strings.map { .string($0) })
  }

  /// The text of a member that an answer must have.
  func text(_ name: String) throws(ClientError) -> String {
    guard let value = self[name]?.string else { throw missing(name) }
    return value
  }

  /// The number of a member that an answer must have.
  func number(_ name: String) throws(ClientError) -> Int64 {
    guard let value = self[name]?.int else { throw missing(name) }
    return value
  }

  private func missing(_ name: String) -> ClientError {
    .notUnderstood("'\(name)' is missing in \(text)")
  }
}
