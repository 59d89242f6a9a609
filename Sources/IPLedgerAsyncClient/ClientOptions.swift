/// How an asynchronous client behaves; what is left out is as most want it.
public struct ClientOptions: Sendable {
  /// Shown to the daemon at every connect, before anything else is sent.
  public var token: String?

  /// Needed for a `tls:` address.
  public var tls: ClientTLS

  /// How long to wait between tries to connect, and before a refused call is repeated.
  public var backoff = Backoff()

  /// A try to connect takes no longer, its TLS handshake included.
  public var connectTimeout: Duration = .seconds(5)

  /// Whether calls wait, as long as their time allows, for a daemon that nobody answers for.
  ///
  /// If not, they fail at the first try that fails.
  public var waitsForServer = true

  /// Whether the time that a call may take is sent as its `deadline`.
  ///
  /// It is a time of day: turn it off when this clock and the daemon's are far apart.
  public var sendsDeadline = true

  /// At most so many calls are sent and not answered; those beyond wait in this process.
  public var mostInFlight = 512

  /// A connection on which a call's time ran out, and nothing came for so long, is given up.
  public var silence: Duration = .seconds(10)

  public init(token: String? = nil, tls: ClientTLS = ClientTLS()) {
    self.token = token
    self.tls = tls
  }
}

/// The files, all in PEM, by which two ends of a TLS connection know each other.
public struct ClientTLS: Sendable, Hashable {
  /// Who signs daemons' certificates; nil: those whom this machine trusts.
  public var authority: String?

  /// This client's certificate; nil: it has none, and proves itself by a token.
  public var certificate: String?

  /// The certificate's key.
  public var key: String?

  /// The name that the daemon's certificate must be for; nil: the host of the address.
  public var serverName: String?

  public init(
    authority: String? = nil, certificate: String? = nil, key: String? = nil,
    serverName: String? = nil
  ) {
    self.authority = authority
    self.certificate = certificate
    self.key = key
    self.serverName = serverName
  }
}
