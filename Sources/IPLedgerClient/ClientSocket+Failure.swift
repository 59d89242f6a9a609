extension ClientSocket.Failure {
  /// The other side has closed; no number of the kernel's is negative.
  static var closed: Int32 { -1 }
  static var noName: Int32 { -2 }
  static var noTLS: Int32 { -3 }

  /// What it means before anything was sent.
  func clientError(at address: ServerAddress) -> ClientError {
    switch number {
    case Self.noName:
      .notSupported("\(address): this client takes a numeric address, it looks no names up")
    case Self.noTLS: .notSupported("\(address): this client has no TLS, the asynchronous one has")
    default: .unreachable(address, cause: message)
    }
  }

  /// What it means once a request was sent, or part of it.
  var clientError: ClientError {
    if isTimeOut { return .timedOut }
    return .connectionLost(cause: number == Self.closed ? "the other side closed it" : message)
  }
}
