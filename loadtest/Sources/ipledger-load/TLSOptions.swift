import NIOSSL

/// The files of a client's side of TLS.
struct TLSOptions: Equatable {
  /// Certificates that the server's is signed by; nil: those that the machine trusts.
  var authority: String?
  var certificate: String?
  var key: String?

  /// Why they make no sense together; nil when they do.
  var problem: String? {
    (certificate == nil) == (key == nil) ? nil : "--tls-certificate and --tls-key go together"
  }

  func context() throws(LoadFailure) -> NIOSSLContext {
    do {
      var configuration = TLSConfiguration.makeClientConfiguration()
      if let authority { configuration.trustRoots = .file(authority) }
      if let certificate, let key {
        configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(certificate).map {
          .certificate($0)
        }
        configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: key, format: .pem))
      }
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw .tls("\(error)")
    }
  }
}
