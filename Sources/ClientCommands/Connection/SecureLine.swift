import Dispatch
import IPLedgerAsyncClient
import IPLedgerClient
import Synchronization

/// A connection over TLS, for one call at a time.
final class SecureLine: Sendable {
  private let client: AsyncClient

  /// Throws `ClientError.notSupported` when a file of `tls` cannot be used.
  init(to address: ServerAddress, token: String?, tls: ClientTLS) throws(ClientError) {
    var options = IPLedgerAsyncClient.ClientOptions(token: token, tls: tls)
    options.waitsForServer = false
    do {
      client = try AsyncClient(to: address, options)
    } catch let error as ClientError {
      throw error
    } catch {
      throw .notSupported("\(error)")
    }
  }

  /// Waits for the result.
  func call(_ method: String, _ params: JSON, within limit: Duration) throws(ClientError) -> JSON {
    try waiting { [client] in try await client.call(method, params, within: limit) }
  }

  /// Waits for the results of many calls, in their order.
  func call(
    _ method: String, each params: [JSON], within limit: Duration
  ) throws(ClientError) -> [JSON] {
    try waiting { [client] in
      try await withThrowingTaskGroup(of: (Int, JSON).self) { group in
        for (index, params) in params.enumerated() {
          group.addTask { (index, try await client.call(method, params, within: limit)) }
        }
        var results = [JSON](repeating: .null, count: params.count)
        for try await (index, result) in group { results[index] = result }
        return results
      }
    }
  }

  /// The changes behind `revision`, of those that `filter` lets through.
  func events(after revision: Int64, _ filter: JSON) -> SecureEvents {
    let filter = LedgerFilter(
      kinds: filter["kinds"]?.strings, namespace: filter["namespace"]?.string,
      node: filter["node"]?.string)
    return SecureEvents(client.watch(after: revision, filter))
  }
}

/// The events of a watch over TLS, for one who waits for each.
final class SecureEvents: Sendable {
  private let source: Source

  init(_ events: LedgerEvents) { source = Source(events) }

  /// Waits for the next one, as a record of the ledger.
  func next() throws(ClientError) -> JSON? {
    try waiting { [source] in try await source.next() }
      .map { event in
        [
          "revision": .int(event.revision), "time": .string(event.time),
          "type": .string(event.type), "kind": .string(event.kind), "actor": .string(event.actor),
          "object": event.object,
        ]
      }
  }

  /// Where the watch has come.
  private actor Source {
    private var events: LedgerEvents.AsyncIterator

    init(_ events: LedgerEvents) { self.events = events.makeAsyncIterator() }

    func next() async throws -> LedgerEvent? {
      var events = events
      defer { self.events = events }
      return try await events.next(isolation: self)
    }
  }
}

/// Lets a task do `body`, and waits for it.
private func waiting<Value: Sendable>(
  for body: @escaping @Sendable () async throws -> Value
) throws(ClientError) -> Value {
  let isDone = DispatchSemaphore(value: 0)
  let answer = Answer<Value>()
  Task {
    await answer.take(body)
    isDone.signal()
  }
  isDone.wait()
  return try answer.result.get()
}

/// The place where a task leaves what the thread that started it waits for.
private final class Answer<Value: Sendable>: Sendable {
  private let outcome = Mutex<Result<Value, ClientError>>(.failure(.timedOut))

  var result: Result<Value, ClientError> { outcome.withLock { $0 } }

  func take(_ body: () async throws -> Value) async {
    let result: Result<Value, ClientError>
    do {
      result = .success(try await body())
    } catch let error as ClientError {
      result = .failure(error)
    } catch {
      result = .failure(.connectionLost(cause: "\(error)"))
    }
    outcome.withLock { $0 = result }
  }
}
