internal import Glibc

/// A socket that clients connect to: opened here, or inherited from the service manager.
package struct ListeningSocket: Sendable {
  /// How many clients may wait to be accepted, at most; the kernel has a limit of its own.
  static let backlog: Int32 = 4_096

  package let descriptor: Int32
  /// Where it is reached, as an endpoint is written; with the real port when the kernel chose it.
  package let name: String
  /// What the service manager calls it (`FileDescriptorName=`); nil: it was opened here.
  package let inheritedName: String?
  let isTCP: Bool
  package let isTLS: Bool
  /// The file of an own Unix socket, to be removed at the end.
  let file: SocketFile?

  /// Listens on `endpoint`.
  ///
  /// Clients queue from now on and are served once a server is started.
  package static func open(_ endpoint: Endpoint) throws(ListenError) -> ListeningSocket {
    switch endpoint {
    case .unix(let path): try openUnix(path, for: endpoint)
    case .tcp(let host, let port), .tls(let host, let port):
      try openTCP(host, port, for: endpoint)
    }
  }

  package var isInherited: Bool { inheritedName != nil }

  /// Whether clients wait to be accepted.
  var hasWaitingClients: Bool {
    var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    // `wanted` outlives the call, which looks and does not wait.
    return unsafe poll(&wanted, 1, 0) > 0
  }

  /// Gives the socket up before a server has it.
  package func close() {
    file?.remove()
    Glibc.close(descriptor)
  }

  private static func openUnix(
    _ path: String, for endpoint: Endpoint
  ) throws(ListenError) -> ListeningSocket {
    try SocketFile.makeFolder(of: path, for: endpoint)
    let socket = try make(AF_UNIX, for: endpoint)
    do throws(ListenError) {
      try SocketFile.bind(socket, to: path, for: endpoint)
      // Everybody may connect: what a client may do is decided by who it is. Before `listen`, so
      // that nobody is refused meanwhile. The path is a Swift string, valid for the call.
      try check(unsafe chmod(path, 0o666), "chmod", endpoint)
      let file = try SocketFile(path: path, for: endpoint)
      try listen(socket, for: endpoint)
      return ListeningSocket(
        descriptor: socket, name: endpoint.description, inheritedName: nil, isTCP: false,
        isTLS: false, file: file)
    } catch {
      Glibc.close(socket)
      throw error
    }
  }

  private static func openTCP(
    _ host: String, _ port: UInt16, for endpoint: Endpoint
  ) throws(ListenError) -> ListeningSocket {
    let isIPv6 = host.contains(":")
    let socket = try make(isIPv6 ? AF_INET6 : AF_INET, for: endpoint)
    do throws(ListenError) {
      // A port whose old connections the kernel still remembers can be taken again.
      try set(socket, SOL_SOCKET, SO_REUSEADDR, for: endpoint)
      // `[::]` and `0.0.0.0` are two endpoints.
      if isIPv6 { try set(socket, Int32(IPPROTO_IPV6), IPV6_V6ONLY, for: endpoint) }
      let address = SocketAddressBytes(host: host, port: port)
      guard address.bind(socket) == 0 else {
        throw errno == EADDRINUSE ? ListenError.taken(endpoint) : failure("bind", endpoint)
      }
      try listen(socket, for: endpoint)
      let isTLS = if case .tls = endpoint { true } else { false }
      return ListeningSocket(
        descriptor: socket,
        name: (isTLS ? "tls:" : "tcp:") + (SocketName(of: socket)?.text ?? host),
        inheritedName: nil, isTCP: true, isTLS: isTLS, file: nil)
    } catch {
      Glibc.close(socket)
      throw error
    }
  }

  private static func make(_ family: Int32, for endpoint: Endpoint) throws(ListenError) -> Int32 {
    let made = socket(family, SocketKind.ownStream, 0)
    guard made >= 0 else { throw failure("socket", endpoint) }
    return made
  }

  private static func listen(_ socket: Int32, for endpoint: Endpoint) throws(ListenError) {
    guard Glibc.listen(socket, backlog) == 0 else {
      // Two sockets may share a port until one of them listens.
      throw errno == EADDRINUSE ? ListenError.taken(endpoint) : failure("listen", endpoint)
    }
  }

  private static func set(
    _ socket: Int32, _ level: Int32, _ option: Int32, for endpoint: Endpoint
  ) throws(ListenError) {
    var one: Int32 = 1
    let size = socklen_t(MemoryLayout<Int32>.size)
    // `one` outlives the call, which reads that many bytes of it.
    try check(unsafe setsockopt(socket, level, option, &one, size), "setsockopt", endpoint)
  }

  private static func check(
    _ status: Int32, _ call: String, _ endpoint: Endpoint
  ) throws(ListenError) {
    guard status == 0 else { throw failure(call, endpoint) }
  }

  static func failure(_ call: String, _ endpoint: Endpoint) -> ListenError {
    .system(call: call, name: endpoint.description, number: errno)
  }
}
