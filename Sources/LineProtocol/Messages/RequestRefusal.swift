/// A line or request that is refused before any method sees it.
package struct RequestRefusal: Error, Sendable, Hashable {
  package let reply: ErrorReply

  /// Whom to answer; nil for a notification, which nobody answers.
  package let id: RequestID?

  init(_ reply: ErrorReply, id: RequestID?) {
    self.reply = reply
    self.id = id
  }
}
