internal import IPLedgerClient

/// What a client does, without doing any I/O: it is told what happens and says what to do.
///
/// ```
///            start            connected            (a token)
///   idle ───────────► connecting ─────────► greeting ─────────► open
///    ▲                  ▲    │ failed           │ lost           │ lost
///    │ nobody waits     │    ▼                  ▼                ▼
///    └───────────── pausing ◄────────────────────────────────────┘
/// ```
///
/// A call that was sent and not answered when the connection ended is sent again if doing it twice
/// is the same as doing it once, and ends with `connectionLost` if not. What was never sent waits.
struct Session: Sendable {
  enum Action: Hashable {
    case connect
    /// Tell `reconnect` after the time.
    case reconnect(after: Duration)
    /// Show the token.
    case greet(token: String)
    case send(key: Int64)
    /// Tell `again` after the time.
    case again(key: Int64, after: Duration)
    case finish(key: Int64, Result<JSON, ClientError>)
    case disconnect
  }

  enum Link: Hashable {
    case idle, connecting, greeting, open, pausing, closed
  }

  /// The `id` of the request that shows the token; calls count up from 1.
  static let greetingID: Int64 = 0

  let address: ServerAddress
  let options: ClientOptions
  private(set) var link = Link.idle
  private(set) var calls: [Int64: Call] = [:]
  private(set) var inFlight = 0

  /// Calls to send, the next first; those that have ended meanwhile are passed over.
  private var queue: [Int64] = []
  private var isWritable = true
  private var backoff: Backoff
  private var lastFailure: String?
  private var lastReceived: Duration = .zero
  private var random: SeededChance

  init(address: ServerAddress, options: ClientOptions, seed: UInt64) {
    self.address = address
    self.options = options
    backoff = options.backoff
    random = SeededChance(seed: seed)
  }
}

// MARK: What callers do

extension Session {
  mutating func start(_ call: Call, now: Duration) -> [Action] {
    guard link != .closed else {
      return [.finish(key: call.key, .failure(.unreachable(address, cause: Self.closedText)))]
    }
    calls[call.key] = call
    queue.append(call.key)
    return proceed(now: now)
  }

  /// The caller waits no longer; what was sent may be done all the same.
  mutating func cancel(_ key: Int64, now: Duration) -> [Action] {
    guard remove(key) != nil else { return [] }
    return proceed(now: now)
  }

  /// The call's time is over.
  mutating func expire(_ key: Int64, now: Duration) -> [Action] {
    guard let call = remove(key) else { return [] }
    let error = call.expired(at: address, unreachable: lastFailure)
    var actions: [Action] = [.finish(key: key, .failure(error))]
    if call.isInFlight, now - max(lastReceived, call.sentAt) >= options.silence {
      actions += lose("nothing came for \(options.silence)", now: now) + [.disconnect]
    }
    return actions + proceed(now: now)
  }

  /// Ends everything; there is no way back.
  mutating func close() -> [Action] {
    guard link != .closed else { return [] }
    link = .closed
    let ended = calls.values.sorted { $0.key < $1.key }
    calls = [:]
    queue = []
    inFlight = 0
    let ends = ended.map { call in
      let wasSent = call.isInFlight || call.lost != nil
      let error: ClientError =
        wasSent
        ? .connectionLost(cause: Self.closedText) : .unreachable(address, cause: Self.closedText)
      return Action.finish(key: call.key, .failure(error))
    }
    return ends + [.disconnect]
  }

  private static var closedText: String { "this client was closed" }
}

// MARK: What the connection does

extension Session {
  mutating func connected(now: Duration) -> [Action] {
    guard link == .connecting else { return [.disconnect] }
    isWritable = true
    lastReceived = now
    if let token = options.token {
      link = .greeting
      return [.greet(token: token)]
    }
    link = .open
    return proceed(now: now)
  }

  mutating func connectFailed(_ cause: String, now: Duration) -> [Action] {
    guard link == .connecting else { return [] }
    lastFailure = cause
    var actions: [Action] = []
    if !options.waitsForServer {
      for call in calls.values.sorted(by: { $0.key < $1.key }) where call.lost == nil {
        _ = remove(call.key)
        actions.append(
          .finish(key: call.key, .failure(.unreachable(address, cause: cause))))
      }
    }
    return actions + pause()
  }

  /// The connection has ended, or is of no more use.
  mutating func lost(_ cause: String, now: Duration) -> [Action] {
    guard link == .open || link == .greeting else { return [] }
    return lose(cause, now: now)
  }

  mutating func reconnect(now: Duration) -> [Action] {
    guard link == .pausing else { return [] }
    link = .idle
    return proceed(now: now)
  }

  /// The wait of a refused call is over.
  mutating func again(_ key: Int64, now: Duration) -> [Action] {
    guard calls[key] != nil else { return [] }
    queue.append(key)
    return proceed(now: now)
  }

  mutating func writable(_ isWritable: Bool, now: Duration) -> [Action] {
    self.isWritable = isWritable
    return proceed(now: now)
  }
}

// MARK: Answers

extension Session {
  mutating func received(_ message: JSON, now: Duration) -> [Action] {
    guard link == .open || link == .greeting else { return [] }
    lastReceived = now
    backoff.reset()
    lastFailure = nil
    guard message["method"] == nil else { return [] }
    let answer: Result<JSON, ServerError>
    if let error = message["error"] {
      guard let error = ServerError(error) else { return notUnderstood(message.text) }
      answer = .failure(error)
    } else if let result = message["result"] {
      answer = .success(result)
    } else {
      return notUnderstood(message.text)
    }
    switch message["id"] {
    case .int(Self.greetingID): return greeted(answer, now: now)
    case .int(let key): return answered(key, answer, now: now)
    // A line that is too long for the daemon is answered without its id.
    case .null: return answered(longest(), answer, now: now)
    default: return notUnderstood(message.text)
    }
  }

  /// Another program listens there: nothing sent to it will be answered.
  mutating func notUnderstood(_ what: String) -> [Action] {
    let ended = calls.values.sorted { $0.key < $1.key }
    calls = [:]
    queue = []
    inFlight = 0
    link = .idle
    return ended.map { .finish(key: $0.key, .failure(.notUnderstood(what))) } + [.disconnect]
  }

  private mutating func greeted(
    _ answer: Result<JSON, ServerError>, now: Duration
  ) -> [Action] {
    guard link == .greeting else { return [] }
    guard case .failure(let error) = answer else {
      link = .open
      return proceed(now: now)
    }
    guard !error.isRetryable else {
      return lose("\(error)", now: now) + [.disconnect]
    }
    // A daemon that does not know the token will not know it for the next call either.
    link = .idle
    let ended = calls.keys.sorted()
    calls = [:]
    queue = []
    return ended.map { .finish(key: $0, .failure(.refused(error))) } + [.disconnect]
  }

  private mutating func answered(
    _ key: Int64?, _ answer: Result<JSON, ServerError>, now: Duration
  ) -> [Action] {
    guard let key, var call = calls[key], call.isInFlight else { return [] }
    if case .failure(let error) = answer, let wait = wait(before: &call, after: error, now: now) {
      call.isInFlight = false
      call.refusal = error
      calls[key] = call
      inFlight -= 1
      return [.again(key: key, after: wait)] + proceed(now: now)
    }
    _ = remove(key)
    let end = answer.mapError { ClientError.refused($0) }
    return [.finish(key: key, end)] + proceed(now: now)
  }

  /// How long to wait before the call is sent again; nil when the error is its end.
  private mutating func wait(
    before call: inout Call, after error: ServerError, now: Duration
  ) -> Duration? {
    guard error.isRetryable, error.reason != "DeadlineExceeded" else { return nil }
    if error.reason == "OutcomeUnknown" {
      guard call.mayRepeat else { return nil }
      call.lost = error.message
    }
    var wait = call.backoff.next(chance: random.next())
    if let asked = error.data["retryAfterMs"]?.int { wait += .milliseconds(asked) }
    return now + wait < call.deadline ? wait : nil
  }

  private func longest() -> Int64? {
    calls.values.filter(\.isInFlight).max { left, right in
      left.params.bytes.count < right.params.bytes.count
    }?.key
  }
}

// MARK: Going on

extension Session {
  /// Sends what may be sent, and connects when there is something to send.
  private mutating func proceed(now: Duration) -> [Action] {
    switch link {
    case .idle:
      guard !calls.isEmpty else { return [] }
      link = .connecting
      return [.connect]
    case .open: return sendQueued(now: now)
    case .connecting, .greeting, .pausing, .closed: return []
    }
  }

  private mutating func sendQueued(now: Duration) -> [Action] {
    var actions: [Action] = []
    var taken = 0
    while isWritable, inFlight < options.mostInFlight, taken < queue.count {
      let key = queue[taken]
      taken += 1
      guard calls[key]?.isInFlight == false else { continue }
      calls[key]?.isInFlight = true
      calls[key]?.sentAt = now
      inFlight += 1
      actions.append(.send(key: key))
    }
    queue.removeFirst(taken)
    return actions
  }

  private mutating func lose(_ cause: String, now: Duration) -> [Action] {
    var actions: [Action] = []
    var repeated: [Int64] = []
    for key in calls.keys.sorted() where calls[key]?.isInFlight == true {
      guard calls[key]?.mayRepeat == true else {
        _ = remove(key)
        actions.append(.finish(key: key, .failure(.connectionLost(cause: cause))))
        continue
      }
      calls[key]?.isInFlight = false
      calls[key]?.lost = cause
      repeated.append(key)
    }
    inFlight = 0
    queue = repeated + queue
    lastFailure = cause
    return actions + pause()
  }

  private mutating func pause() -> [Action] {
    guard !calls.isEmpty else {
      link = .idle
      return []
    }
    link = .pausing
    return [.reconnect(after: backoff.next(chance: random.next()))]
  }

  private mutating func remove(_ key: Int64) -> Call? {
    guard let call = calls.removeValue(forKey: key) else { return nil }
    if call.isInFlight { inFlight -= 1 }
    return call
  }
}
