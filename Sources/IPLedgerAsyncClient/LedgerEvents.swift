internal import IPLedgerClient
internal import NIOCore

/// The changes of a ledger, one after the other, without a gap and without a repeat.
///
/// ```swift
/// for try await event in client.watch(after: lastSeen) {
///   print(event.revision, event.type, event.kind)
/// }
/// ```
///
/// When the connection is lost, the next one goes on behind the event that was shown last. A watch
/// has a connection of its own, and reads from it only when the next event is asked for: one who is
/// slow holds up neither the daemon nor this client's calls, and misses nothing.
///
/// It ends with an error alone: `ClientError.refused` with the reason `Compacted` when events that
/// were asked for are no longer kept (read the lists anew, and watch behind their revision), other
/// refusals that waiting does not heal, and `CancellationError` when the task is cancelled.
public struct LedgerEvents: AsyncSequence, Sendable {
  public typealias Element = LedgerEvent
  public typealias Failure = any Error

  let client: AsyncClient
  let loop: any EventLoop
  let state: WatchState

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(
      client: client, loop: loop, state: state, backoff: client.options.backoff)
  }

  /// Where a loop over the events has come.
  public struct AsyncIterator: AsyncIteratorProtocol {
    let client: AsyncClient
    let loop: any EventLoop
    private var state: WatchState
    private var backoff: Backoff
    private var stream: LineStream?

    init(client: AsyncClient, loop: any EventLoop, state: WatchState, backoff: Backoff) {
      self.client = client
      self.loop = loop
      self.state = state
      self.backoff = backoff
    }

    public mutating func next() async throws -> LedgerEvent? {
      while true {
        try Task.checkCancellation()
        do {
          if let event = try await step() { return event }
        } catch let error as ClientError {
          switch error {
          case .unreachable where client.options.waitsForServer, .connectionLost: try await pause()
          default: throw error
          }
        }
      }
    }

    /// Nil when there was nothing to show.
    private mutating func step() async throws -> LedgerEvent? {
      let stream = try await connected()
      let line = try await stream.next(
        within: state.isEstablished ? nil : client.options.connectTimeout)
      let message: JSON
      do throws(JSONTextError) {
        message = try JSON(bytes: line)
      } catch {
        throw ClientError.notUnderstood(error.description)
      }
      switch state.received(message) {
      case .event(let event):
        backoff.reset()
        return event
      case .nothing: return nil
      case .reconnect(_, let wait): try await pause(atLeast: wait ?? .zero)
      case .end(let error): throw error
      }
      return nil
    }

    private mutating func connected() async throws -> LineStream {
      if let stream { return stream }
      let made = try await LineStream.connect(client.connector, to: client.address, on: loop)
      made.send(state.requests(token: client.options.token))
      stream = made
      return made
    }

    private mutating func pause(atLeast wait: Duration = .zero) async throws {
      stream = nil
      let chance = Double.random(in: 0...1)
      try await Task.sleep(for: wait + backoff.next(chance: chance))
    }
  }
}

extension AsyncClient {
  /// The changes of the ledger behind revision `after`, those that are to come included; without
  /// `after`, from now on.
  public func watch(after: Int64? = nil, _ filter: LedgerFilter = LedgerFilter()) -> LedgerEvents {
    LedgerEvents(client: self, loop: loop, state: WatchState(after: after, filter: filter))
  }
}
