/// Certificates that `openssl` makes: an authority, a server of 127.0.0.1, and clients.
package struct Certificates {
  package let folder: TemporaryFolder

  package init() throws {
    folder = try TemporaryFolder()
    try authority("ca")
    try sign("server", subject: "ipledger", by: "ca")
  }

  package func path(_ name: String) -> String { folder.file("\(name).pem") }
  package func key(_ name: String) -> String { folder.file("\(name).key") }

  package func authority(_ name: String) throws {
    try openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
      "2", "-subj", "/CN=\(name)", "-keyout", key(name), "-out", path(name))
  }

  /// - Parameter isExpired: its time was over the day before.
  package func sign(
    _ name: String, subject: String, by authority: String, isExpired: Bool = false
  ) throws {
    let request = folder.file("\(name).csr")
    try openssl(
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
      "/CN=\(subject)", "-keyout", key(name), "-out", request)
    guard isExpired else {
      return try openssl(
        "x509", "-req", "-in", request, "-CA", path(authority), "-CAkey", key(authority),
        "-CAcreateserial", "-days", "2", "-out", path(name))
    }
    _ = try folder.write("", to: "index.txt")
    _ = try folder.write("01", to: "serial.txt")
    let configuration = try folder.write(
      """
      [ca]
      default_ca = d
      [d]
      database = \(folder.file("index.txt"))
      serial = \(folder.file("serial.txt"))
      new_certs_dir = \(folder.path)
      default_md = sha256
      policy = p
      [p]
      commonName = supplied
      """, to: "ca.conf")
    try openssl(
      "ca", "-config", configuration, "-batch", "-notext", "-in", request, "-cert",
      path(authority), "-keyfile", key(authority), "-startdate", "20200101000000Z", "-enddate",
      "20200102000000Z", "-out", path(name))
  }

  private func openssl(_ arguments: String...) throws {
    let run = try ChildProcess.run("/usr/bin/openssl", arguments)
    guard run.status == .exited(0) else { throw HarnessFailure.ended("openssl: \(run.errors)") }
  }

  /// Sends lines as a TLS client and answers what came back before the connection ended.
  ///
  /// - Parameter name: the client's certificate; nil: it has none.
  package func ask(
    _ lines: [String], port: UInt16, as name: String?, _ options: [String] = []
  ) throws -> [Answer] {
    let script = try folder.write(Self.client, to: "client.py")
    var arguments = [script, "\(port)", path("ca")]
    arguments += name.map { [path($0), key($0)] } ?? ["", ""]
    let run = try ChildProcess.run(
      "/usr/bin/python3", arguments + options,
      input: lines.map { $0 + "\n" }.joined())
    return run.output.split(separator: "\n").compactMap {
      JSON(parsing: String($0)).map { Answer($0) }
    }
  }

  private static let client = """
    import socket, ssl, sys
    port, ca, certificate, key = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
    c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    c.check_hostname = False
    c.load_verify_locations(ca)
    if certificate:
        c.load_cert_chain(certificate, key)
    if "old" in sys.argv:
        c.set_ciphers("ALL:@SECLEVEL=0")
        c.minimum_version = ssl.TLSVersion.TLSv1
        c.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        s = c.wrap_socket(socket.create_connection(("127.0.0.1", port), 20))
        f = s.makefile("rw", encoding="utf-8", newline="\\n")
        for line in sys.stdin:
            f.write(line)
            f.flush()
            print(f.readline(), end="")
    except OSError as error:
        print(error, file=sys.stderr)
    """
}
