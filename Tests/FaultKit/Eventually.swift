import Foundation

/// Tries again until there is a value: for what time brings about and nothing announces, such as
/// the end of a rest.
///
/// What has an event is awaited by that.
package func eventually<Value>(
  _ what: String, within deadline: Deadline = .usual, _ attempt: () throws -> Value?
) throws -> Value {
  while true {
    if let value = try attempt() { return value }
    if deadline.hasPassed { throw HarnessFailure.deadline(what) }
    usleep(5000)
  }
}
