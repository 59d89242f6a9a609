internal import IPLedgerClient

/// The way to the daemon, with one end of all waiting.
///
/// A connection that is lost before its answer is made again once: every request is idempotent.
struct LedgerConnection {
  private let address: ServerAddress
  private let end: Int64
  private var client: BlockingClient?

  init(to address: ServerAddress, within limit: Duration) {
    self.address = address
    end = OperatingSystem.milliseconds + limit.components.seconds * 1_000
  }

  private var left: Duration { .milliseconds(max(end - OperatingSystem.milliseconds, 0)) }

  /// The daemon's answer, or its refusal as it says it.
  mutating func ask(_ method: String, _ params: JSON = [:]) throws(ClientError) -> JSON {
    do throws(ClientError) {
      return try connected().call(method, params, within: left)
    } catch .connectionLost {
      client = nil
    }
    return try connected().call(method, params, within: left)
  }

  /// The same, with what a runtime is told about a failure.
  mutating func call(_ method: String, _ params: JSON = [:]) throws(PluginError) -> JSON {
    do throws(ClientError) {
      return try ask(method, params)
    } catch {
      throw PluginError(error)
    }
  }

  private mutating func connected() throws(ClientError) -> BlockingClient {
    if let client { return client }
    let made = try BlockingClient(to: address, within: left)
    client = made
    return made
  }
}
