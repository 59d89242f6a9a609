package import Addressing

/// A request that the rules refuse, with every finding.
package struct PolicyRefusal: Error, Sendable, Hashable {
  /// At least one, in the order in which the fields stand in the rules.
  package let causes: [Cause]

  init(_ causes: [Cause]) {
    precondition(!causes.isEmpty, "a refusal says why")
    self.causes = causes
  }
}
