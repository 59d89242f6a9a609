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
    let isDone = DispatchSemaphore(value: 0)
    let answer = Answer()
    Task { [client] in
      await answer.take { try await client.call(method, params, within: limit) }
      isDone.signal()
    }
    isDone.wait()
    return try answer.result.get()
  }
}

/// The place where a task leaves what the thread that started it waits for.
private final class Answer: Sendable {
  private let outcome = Mutex<Result<JSON, ClientError>>(.failure(.timedOut))

  var result: Result<JSON, ClientError> { outcome.withLock { $0 } }

  func take(_ body: () async throws -> JSON) async {
    let result: Result<JSON, ClientError>
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
