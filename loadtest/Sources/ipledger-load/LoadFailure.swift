import Glibc

/// Why a load could not be run to its end; errors that the server answers are counted instead.
enum LoadFailure: Error, CustomStringConvertible {
  case system(call: StaticString, number: Int32)
  case closed
  case unknownHost(String)
  case tls(String)
  case silent(seconds: Int)
  case unexpectedAnswer(String)
  case notPrepared(phase: String, errors: [String: Int])

  // Proof: strerror's text is copied before anything else runs on this process's only thread.
  var description: String {
    switch self {
    case .system(let call, let number): "\(call): \(unsafe String(cString: strerror(number)))"
    case .closed: "the server closed a connection while requests were in flight"
    case .unknownHost(let host): "no address is known for the host \(host)"
    case .tls(let reason): "TLS: \(reason)"
    case .silent(let seconds): "no answer for \(seconds) seconds"
    case .unexpectedAnswer(let line): "an answer to nothing that was asked: \(line)"
    case .notPrepared(let phase, let errors): "\(phase) was refused: \(errors)"
    }
  }
}
