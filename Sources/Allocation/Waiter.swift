/// Whoever must try again once a change in flight is durable or given up.
///
/// A request that waits holds nothing: no claim, no place in a queue. It starts from the beginning
/// when it is woken, so nothing that waits can block anything else.
package protocol Waiter: AnyObject, Sendable {
  /// Called once, on any thread; it must not block.
  func wake()
}
