internal import IPLedgerClient
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// Makes connections to one address.
struct Connector: Sendable {
  private let address: ServerAddress
  let timeout: TimeAmount
  private let context: NIOSSLContext?
  private let serverName: String?

  /// Throws `ClientError.notSupported` when a file of `options.tls` cannot be used, and says which.
  init(to address: ServerAddress, _ options: ClientOptions) throws(ClientError) {
    self.address = address
    timeout = TimeAmount(options.connectTimeout)
    guard case .tls(let host, _) = address else {
      context = nil
      serverName = nil
      return
    }
    context = try options.tls.makeContext()
    let name = options.tls.serverName ?? host
    // A certificate for an address is compared with that of the other end.
    serverName = (try? SocketAddress(ipAddress: name, port: 0)) == nil ? name : nil
  }

  /// Whether there is a TLS handshake first.
  var isSecure: Bool { context != nil }

  /// Connects, with `handler` last in the pipeline.
  func connect(
    on loop: any EventLoop,
    autoRead: Bool = true, handler: @escaping @Sendable () -> any ChannelHandler
  ) -> EventLoopFuture<any Channel> {
    let bootstrap = ClientBootstrap(group: loop)
      .connectTimeout(timeout)
      .channelOption(.autoRead, value: autoRead)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let context {
            try channel.pipeline.syncOperations.addHandler(
              NIOSSLClientHandler(context: context, serverHostname: serverName))
          }
          try channel.pipeline.syncOperations.addHandler(handler())
        }
      }
    switch address {
    case .unix(let path): return bootstrap.connect(unixDomainSocketPath: path)
    case .tcp(let host, let port), .tls(let host, let port):
      return bootstrap.channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .channelOption(.socketOption(.so_keepalive), value: 1)
        .connect(host: host, port: Int(port))
    }
  }

  /// Why there is no connection, for a person.
  static func text(_ error: any Error) -> String {
    switch error {
    case let error as IOError: ClientError.kernelText(error.errnoCode)
    case let error as NIOConnectionError:
      error.connectionErrors.first.map { text($0.error) } ?? "the name \(error.host) is unknown"
    case let error as ClientError: error.description
    default: "\(error)"
    }
  }
}

extension ClientTLS {
  func makeContext() throws(ClientError) -> NIOSSLContext {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    if let authority {
      configuration.trustRoots = .certificates(try Self.certificates(authority, "authority"))
    }
    if let certificate {
      configuration.certificateChain = try Self.certificates(certificate, "certificate")
        .map { .certificate($0) }
      guard let key else { throw .notSupported("the certificate \(certificate) needs its key") }
      do {
        configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
      } catch {
        throw .notSupported("the key \(key) cannot be read as PEM: \(error)")
      }
    }
    do {
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw .notSupported("TLS cannot be set up: \(error)")
    }
  }

  private static func certificates(
    _ path: String, _ what: String
  ) throws(ClientError) -> [NIOSSLCertificate] {
    do {
      let found = try NIOSSLCertificate.fromPEMFile(path)
      if !found.isEmpty { return found }
    } catch {
      throw .notSupported("the \(what) \(path) cannot be read as PEM: \(error)")
    }
    throw .notSupported("the \(what) \(path) holds no certificate")
  }
}
