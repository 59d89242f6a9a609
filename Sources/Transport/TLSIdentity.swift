internal import NIOConcurrencyHelpers
internal import NIOSSL

/// The files that a TLS listener proves itself with, all in PEM.
package struct TLSFiles: Sendable, Equatable {
  /// The server's certificate, and those between it and its authority behind it.
  package var certificate: String
  package var key: String

  /// Who signs clients' certificates; nil: clients have none, and prove themselves by a token.
  package var clientCA: String?

  package init(certificate: String, key: String, clientCA: String?) {
    self.certificate = certificate
    self.key = key
    self.clientCA = clientCA
  }
}

/// Why a TLS listener cannot prove itself: for a person, with the file.
package struct TLSFileError: Error, Equatable, CustomStringConvertible {
  package let description: String
}

/// What TLS listeners prove themselves with now; it may change while connections live.
package final class TLSIdentity: Sendable {
  private let context: NIOLockedValueBox<NIOSSLContext>

  /// Reads the files.
  package init(_ files: TLSFiles) throws(TLSFileError) {
    context = NIOLockedValueBox(try Self.makeContext(files))
  }

  /// Reads the files anew, for connections from now on; when one is wrong, nothing changes.
  package func reload(_ files: TLSFiles) throws(TLSFileError) {
    let made = try Self.makeContext(files)
    context.withLockedValue { $0 = made }
  }

  func makeHandler() -> NIOSSLServerHandler {
    NIOSSLServerHandler(context: context.withLockedValue { $0 })
  }

  private static func makeContext(_ files: TLSFiles) throws(TLSFileError) -> NIOSSLContext {
    let chain = try certificates(files.certificate, "certificate")
    let key: NIOSSLPrivateKey
    do {
      key = try NIOSSLPrivateKey(file: files.key, format: .pem)
    } catch {
      throw TLSFileError(description: "the key \(files.key) cannot be read as PEM: \(error)")
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    configuration.minimumTLSVersion = .tlsv12
    if let clientCA = files.clientCA {
      configuration.trustRoots = .certificates(try certificates(clientCA, "client CA"))
      configuration.certificateVerification = .noHostnameVerification
    }
    do {
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw TLSFileError(
        description: "\(files.certificate) and \(files.key) do not go together: \(error)")
    }
  }

  private static func certificates(
    _ path: String, _ what: String
  ) throws(TLSFileError) -> [NIOSSLCertificate] {
    let found: [NIOSSLCertificate]
    do {
      found = try NIOSSLCertificate.fromPEMFile(path)
    } catch {
      throw TLSFileError(description: "the \(what) \(path) cannot be read as PEM: \(error)")
    }
    guard !found.isEmpty else {
      throw TLSFileError(description: "the \(what) \(path) holds no certificate")
    }
    return found
  }
}

extension NIOSSLCertificate {
  /// What rules may name: the common name, and the DNS names and URIs of the subject.
  var ruleNames: [String] {
    var names = subjectName.filter { $0.type == .commonName }.map(\.value)
    for name in _subjectAlternativeNames()
    where name.nameType == .dnsName || name.nameType == .uri {
      names.append(String(decoding: name.contents, as: UTF8.self))
    }
    return names
  }
}
