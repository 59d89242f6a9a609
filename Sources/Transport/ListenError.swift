internal import Glibc

/// Why a socket cannot be listened on.
package enum ListenError: Error, Equatable, CustomStringConvertible {
  /// Another process serves it.
  case taken(Endpoint)

  /// The path is there, and what it names is not ours to replace.
  case notASocket(path: String)

  /// The service manager passed something that cannot be served.
  case wrongKind(descriptor: Int32, name: String, found: String)

  /// A call failed, by `errno`.
  case system(call: String, name: String, number: Int32)

  /// The event loops did not take the socket.
  case refused(name: String, reason: String)

  package var description: String {
    switch self {
    case .taken(let endpoint):
      "cannot listen on \(endpoint): another process serves it"
    case .notASocket(let path):
      "cannot listen on unix:\(path): the file is there and is not a socket"
    case .wrongKind(let descriptor, let name, let found):
      "the inherited descriptor \(descriptor) (\(name)) is no listening stream socket "
        + "of Unix or TCP: it is \(found)"
    case .system(let call, let name, let number):
      // `strerror` answers a text for every number, valid until its next call on this thread.
      unsafe "cannot listen on \(name): \(call): \(String(cString: strerror(number)))"
    case .refused(let name, let reason):
      "cannot listen on \(name): \(reason)"
    }
  }
}
