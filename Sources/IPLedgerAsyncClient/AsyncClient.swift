public import IPLedgerClient
internal import NIOConcurrencyHelpers
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// A client of ipledgerd for programs that do many things at once.
///
/// ```swift
/// let client = try AsyncClient(to: .standard)
/// let pod = try await client.reservePod(
///   PodRequest(node: "worker-1", namespace: "default", name: "web-0"), within: .seconds(5))
/// print(pod.podIPs)
/// ```
///
/// Any number of tasks may use one client at once: their calls share a connection and wait for
/// nobody else's answers. It connects when there is something to ask, connects again when the
/// connection is lost, and sends a call again when nobody knows whether it was done and doing it
/// twice is the same as doing it once. Every call ends within the time given to it.
public final class AsyncClient: Sendable {
  /// Where the daemon is.
  public let address: ServerAddress

  let options: ClientOptions
  let connector: Connector
  let loop: any EventLoop
  private let driver: NIOLoopBoundBox<CallDriver>
  private let lastKey = Atomic<Int64>(Session.greetingID)

  /// Makes a client; it connects at the first call.
  ///
  /// Throws `ClientError.notSupported` when a file of `options.tls` cannot be used.
  public init(to address: ServerAddress, _ options: ClientOptions = ClientOptions()) throws {
    self.address = address
    self.options = options
    connector = try Connector(to: address, options)
    loop = MultiThreadedEventLoopGroup.singleton.next()
    driver = .makeBoxSendingValue(
      CallDriver(address, options, connector, on: loop), eventLoop: loop)
  }

  deinit { close() }

  /// Calls `method`, and calls it again while that may help and there is time.
  ///
  /// - Parameters:
  ///   - method: any method but those of watches, whose events need `watch`.
  ///   - params: an object.
  ///   - limit: the call ends within this time; it is sent as the request's `deadline`, if the
  ///     params have none.
  ///
  /// Throws `ClientError`, and `CancellationError` when the task is cancelled: what was sent before
  /// that may be done all the same.
  public func call(
    _ method: String, _ params: JSON = [:], within limit: Duration
  ) async throws -> JSON {
    guard method != "ledger.watch", method != "ledger.unwatch" else {
      throw ClientError.notSupported("\(method) is the matter of watch(after:)")
    }
    try Task.checkCancellation()
    let key = lastKey.add(1, ordering: .sequentiallyConsistent).newValue
    let call = Call(
      key: key, method: method, params: params, deadline: CallDriver.now + limit,
      backoff: options.backoff)
    let isCancelled = NIOLockedValueBox(false)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        loop.execute { [driver] in
          if isCancelled.withLockedValue({ $0 }) {
            continuation.resume(throwing: CancellationError())
          } else {
            driver.value.start(call, continuation)
          }
        }
      }
    } onCancel: {
      isCancelled.withLockedValue { $0 = true }
      loop.execute { [driver] in driver.value.cancel(key) }
    }
  }

  /// Ends every call that waits, and every one that is started after this; a watch ends with its
  /// loop.
  public func close() {
    loop.execute { [driver] in driver.value.close() }
  }
}
