import IPLedgerClient

/// A connection for as long as somebody sits in front of it: one that is lost is made anew.
final class OpenLine {
  private let options: ClientOptions
  private var session: Session?

  init(_ options: ClientOptions) { self.options = options }

  /// The result of one call; what fails is a `CommandFailure`.
  func call(_ method: String, _ params: JSON) throws -> JSON {
    let session = try session ?? Session(options)
    self.session = session
    switch Result(catching: { try session.attempt(method, params) }) {
    case .success(.success(let result)): return result
    case .success(.failure(let refusal)): throw CommandFailure(.refused(refusal))
    case .failure(let error):
      self.session = nil
      throw error
    }
  }
}
