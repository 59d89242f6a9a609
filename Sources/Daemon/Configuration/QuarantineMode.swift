/// What becomes of a resting address when nothing else is free.
package enum QuarantineMode: String, Sendable, CaseIterable {
  /// It is handed out early, the one released first before all others.
  case prefer

  /// It rests to the end: the range counts as exhausted.
  case strict
}
