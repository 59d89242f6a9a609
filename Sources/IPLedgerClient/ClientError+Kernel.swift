internal import Glibc

extension ClientError {
  /// What an error number of a socket means, for a person.
  ///
  /// `strerror` holds its own memory, so the text is written by hand for what happens often.
  package static func kernelText(_ number: Int32) -> String {
    switch number {
    case ENOENT: "there is no such socket"
    case ECONNREFUSED: "nobody listens there"
    case EACCES, EPERM: "this user may not connect"
    case ECONNRESET, EPIPE: "the other side closed it"
    case EAGAIN, EINPROGRESS, ETIMEDOUT: "no answer in time"
    case ENETUNREACH, EHOSTUNREACH: "there is no way to that host"
    default: "error \(number)"
    }
  }
}
