/// An error that the daemon answered with.
public struct ServerError: Error, Sendable, Hashable {
  /// One thing that was wrong with the params.
  public struct Cause: Sendable, Hashable {
    /// The path inside `params`, as `spec.ipFamilies[1]`.
    public let field: String
    public let reason: String
    public let message: String
  }

  /// The JSON-RPC code, as -32602.
  public let code: Int

  /// The stable name, as `InvalidParams`.
  public let reason: String

  /// One sentence for a person; it may change from release to release.
  public let message: String

  public let isRetryable: Bool
  public let causes: [Cause]

  /// All of `error.data`.
  public let data: JSON

  /// Reads the `error` member of an answer; nil when it is none.
  package init?(_ error: JSON) {
    guard let code = error["code"]?.int, let message = error["message"]?.string else { return nil }
    let data = error["data"] ?? .null
    self.code = Int(code)
    self.message = message
    self.data = data
    reason = data["reason"]?.string ?? "Unknown"
    isRetryable = data["retryable"]?.bool ?? false
    causes = (data["causes"]?.array ?? []).map { cause in
      Cause(
        field: cause["field"]?.string ?? "", reason: cause["reason"]?.string ?? "",
        message: cause["message"]?.string ?? "")
    }
  }
}

extension ServerError: CustomStringConvertible {
  public var description: String {
    causes.reduce("\(reason): \(message)") { text, cause in
      text + "\n  \(cause.field): \(cause.message)"
    }
  }
}
