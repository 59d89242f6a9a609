import Addressing
import Transport

// Where the daemon listens.
extension SettingValues {
  mutating func readEndpoints(_ facts: ProcessFacts) -> [Endpoint] {
    let source = source(.listen)
    guard let texts = list(.listen) else {
      if facts.inheritsSockets { return [] }
      return [standardEndpoint(facts)].compactMap { $0 }
    }
    if texts.isEmpty, !facts.inheritsSockets {
      find(source, .required, "must name one endpoint at least: no sockets are inherited")
    }
    var endpoints: [Endpoint] = []
    for text in texts {
      guard let endpoint = readEndpoint(text, source) else { continue }
      if endpoints.contains(endpoint) {
        find(source, .duplicate, "'\(text)' stands there twice")
      }
      endpoints.append(endpoint)
    }
    return endpoints
  }

  private mutating func standardEndpoint(_ facts: ProcessFacts) -> Endpoint? {
    if facts.userID == 0 { return readEndpoint(Self.rootEndpoint, source(.listen)) }
    guard let folder = facts.variable("XDG_RUNTIME_DIR") else {
      find(
        source(.listen), .required,
        "no endpoint is given, and XDG_RUNTIME_DIR is not set: say --listen unix:PATH")
      return nil
    }
    return readEndpoint("unix:\(folder)/ipledger.sock", source(.listen))
  }

  private static let rootEndpoint = "unix:/run/ipledger/ipledger.sock"

  private mutating func readEndpoint(_ text: String, _ source: SettingSource) -> Endpoint? {
    do throws(EndpointError) {
      let endpoint = try Endpoint(parsing: text)
      if case .tcp = endpoint, !endpoint.isLoopback, boolean(.insecureTCP) != true {
        find(
          source, .forbidden,
          "'\(text)' is not on loopback, and plain TCP hides nothing: "
            + "use tls:, tcp:127.0.0.1:PORT or tcp:[::1]:PORT, or allow it with insecureTCP: true")
      }
      return endpoint
    } catch {
      find(source, .invalid, error.description)
      return nil
    }
  }
}
