import ArgumentParser
import IPLedgerAsyncClient

/// How the two ends of a `tls:` connection know each other.
struct TLSOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Who signs the daemon's certificate; else those whom the machine trusts.", valueName: "file"))
  var tlsCA: String?

  @Option(help: ArgumentHelp("This client's certificate.", valueName: "file"))
  var tlsCertificate: String?

  @Option(help: ArgumentHelp("The certificate's key.", valueName: "file"))
  var tlsKey: String?

  @Option(
    help: ArgumentHelp(
      "The name in the daemon's certificate, when it is not the host.", valueName: "name"))
  var tlsServerName: String?

  var files: ClientTLS {
    ClientTLS(
      authority: tlsCA, certificate: tlsCertificate, key: tlsKey, serverName: tlsServerName)
  }
}
