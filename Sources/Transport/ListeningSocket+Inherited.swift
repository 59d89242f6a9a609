internal import CSystemd
internal import Glibc

/// Sockets that the service manager opened before it started the process.
extension ListeningSocket {
  /// Takes over what `LISTEN_FDS` announces; none when nothing is.
  ///
  /// Call it once, before threads are started: it removes the variables from the environment.
  /// They are never bound, removed or given other permissions: they belong to the service manager,
  /// which keeps them, and the clients that wait in them, when this process ends.
  package static func inherited() throws(ListenError) -> [ListeningSocket] {
    var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    // The call fills `names` with as many names as it answers, or leaves it nil.
    let count = unsafe sd_listen_fds_with_names(1, &names)
    guard count >= 0 else {
      throw .system(call: "sd_listen_fds", name: "inherited sockets", number: -count)
    }
    var sockets: [ListeningSocket] = []
    // Each name, and the list of them, was allocated for the caller to free.
    defer {
      for index in 0..<Int(count) { unsafe free(names?[index]) }
      unsafe free(names)
    }
    for index in 0..<Int(count) {
      let name = unsafe names?[index].map { unsafe String(cString: $0) }
      sockets.append(
        try adopt(SD_LISTEN_FDS_START + Int32(index), called: name ?? "unnamed"))
    }
    return sockets
  }

  /// An inherited TCP socket of this name (`FileDescriptorName=tls`) is served under TLS.
  private static let tlsName = "tls"

  /// One of this name is for metrics and health.
  package static let metricsName = "metrics"

  /// The listening socket that `descriptor` is, whoever opened it.
  static func adopt(
    _ descriptor: Int32, called name: String
  ) throws(ListenError) -> ListeningSocket {
    guard let address = SocketName(of: descriptor) else {
      throw .wrongKind(descriptor: descriptor, name: name, found: "no socket")
    }
    guard sd_is_socket(descriptor, AF_UNSPEC, SocketKind.stream, -1) > 0 else {
      throw .wrongKind(descriptor: descriptor, name: name, found: "no stream socket")
    }
    guard sd_is_socket(descriptor, AF_UNSPEC, SocketKind.stream, 1) > 0 else {
      throw .wrongKind(descriptor: descriptor, name: name, found: "a socket that does not listen")
    }
    guard address.family != .other else {
      throw .wrongKind(descriptor: descriptor, name: name, found: address.text)
    }
    let isTLS = address.family == .tcp && name == Self.tlsName
    let scheme = isTLS ? "tls:" : address.family == .tcp ? "tcp:" : "unix:"
    return ListeningSocket(
      descriptor: descriptor, name: scheme + address.text, inheritedName: name,
      isTCP: address.family == .tcp, isTLS: isTLS, file: nil)
  }
}
