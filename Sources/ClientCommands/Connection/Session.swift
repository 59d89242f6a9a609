package import IPLedgerClient

/// A connection to the daemon, as a command sees it: what fails is a `CommandFailure`.
package struct Session {
  private enum Line {
    case plain(BlockingClient)
    case secure(SecureLine)
  }

  private let line: Line
  private let limit: Duration
  private let longLimit: Duration
  let output: OutputFormat?

  /// Connects, and shows the token if there is one.
  init(_ options: ClientOptions) throws {
    let address = try options.address()
    limit = options.limit
    longLimit = options.longLimit
    output = options.output
    let token = options.shownToken
    line = try Self.told { () throws(ClientError) in
      if case .tls = address {
        return .secure(try SecureLine(to: address, token: token, tls: options.tls.files))
      }
      let client = try BlockingClient(to: address, within: options.limit)
      if let token { try client.authenticate(token: token, within: options.limit) }
      return .plain(client)
    }
  }

  private func ask(
    _ method: String, _ params: JSON, within limit: Duration
  ) throws(ClientError) -> JSON {
    switch line {
    case .plain(let client): try client.call(method, params, within: limit)
    case .secure(let line): try line.call(method, params, within: limit)
    }
  }

  /// The result of one call.
  package func call(_ method: String, _ params: JSON = [:]) throws -> JSON {
    try Self.told { () throws(ClientError) in try ask(method, params, within: limit) }
  }

  /// The result of a call whose work grows with the ledger.
  func callPatiently(_ method: String, _ params: JSON = [:]) throws -> JSON {
    try Self.told { () throws(ClientError) in try ask(method, params, within: longLimit) }
  }

  /// The result of one call, or why it was refused; throws when there is no answer at all.
  func attempt(_ method: String, _ params: JSON) throws -> Result<JSON, ServerError> {
    do throws(ClientError) {
      return .success(try ask(method, params, within: limit))
    } catch {
      guard case .refused(let refusal) = error else { throw CommandFailure(error) }
      return .failure(refusal)
    }
  }

  /// The object that a `get` finds; nil when there is none.
  func find(_ method: String, _ params: JSON) throws -> JSON? {
    switch try attempt(method, params) {
    case .success(let object): return object
    case .failure(let refusal) where refusal.reason == "NotFound": return nil
    case .failure(let refusal): throw CommandFailure(.refused(refusal))
    }
  }

  /// The results of calls of one method, in their order.
  func call(_ method: String, each params: [JSON]) throws -> [JSON] {
    try Self.told { () throws(ClientError) in
      switch line {
      case .plain(let client): try client.call(method, each: params, within: limit)
      case .secure(let line): try line.call(method, each: params, within: limit)
      }
    }
  }

  /// Every page of a list, as the answer of one page would be.
  package func list(_ method: String, _ params: JSON = [:]) throws -> JSON {
    var items: [JSON] = []
    let revision = try each(of: method, params) { items.append($0) }
    return ["items": .array(items), "revision": revision]
  }

  /// Hands over each item of a list, of which a page is kept at a time, and answers the revision.
  @discardableResult
  func each(
    of method: String, _ params: JSON = [:], _ body: (JSON) throws -> Void
  ) throws -> JSON {
    var page = params.with("limit", .int(1_000))
    while true {
      let answer = try call(method, page)
      for item in answer["items"]?.array ?? [] { try body(item) }
      guard let next = answer["continue"] else { return answer["revision"] ?? .null }
      page = page.with("continue", next)
    }
  }

  /// The most calls that the daemon takes in one transaction.
  func mostOperations() throws -> Int {
    Int(try call("server.info")["limits"]?["batch"]?.int ?? 1_000)
  }

  /// The most calls that the daemon takes on one line, where one has so many bytes at most.
  func mostCalls(ofBytes bytes: Int64) throws -> Int {
    let limits = try call("server.info")["limits"]
    let count = (limits?["lineBytes"]?.int ?? 1_048_576) / bytes
    return Int(max(min(count, limits?["batch"]?.int ?? 1_000), 1))
  }

  /// The revision of the newest record.
  func newestRevision() throws -> Int64 {
    try call("server.info")["revision"]?.int ?? 0
  }

  /// Shows each event behind `revision`, as a record of the ledger, until `show` has had enough.
  func watch(after revision: Int64, _ filter: JSON, _ show: (JSON) -> Bool) throws {
    try Self.told { () throws(ClientError) in
      switch line {
      case .secure(let line):
        let events = line.events(after: revision, filter)
        while let event = try events.next(), show(event) {}
      case .plain(let client):
        let isFiltered = filter.members?.isEmpty == false
        _ = try client.call(
          "ledger.watch",
          .members(["after": .int(revision), "filter": isFiltered ? filter : nil]), within: limit)
        while true {
          guard let event = try client.notification(within: .seconds(3_600))?["params"] else {
            continue
          }
          guard show(event.with("watch", nil)) else { return }
        }
      }
    }
  }

  private static func told<Value>(_ body: () throws(ClientError) -> Value) throws -> Value {
    do throws(ClientError) {
      return try body()
    } catch {
      throw CommandFailure(error)
    }
  }
}
