package import LineProtocol
internal import NIOCore

/// One client: its unread lines, its unsent answers, and what it may do next.
///
/// It is confined to its event loop. Output is written to the socket directly, without a copy; only
/// what the socket does not take at once becomes a buffer of the channel. Everything that could
/// call the handler back is left to the end of the turn, so that the handler is never entered from
/// inside itself.
package final class Connection {
  /// Different from that of every other connection of this process.
  package let id: UInt64
  package let peer: Peer

  /// What the handler keeps about this connection.
  package var context: AnyObject?

  /// Answers are appended here, each ended by a newline, and sent at the next flush.
  package var output = JSONWriter()

  /// Answers that will come later: a client that has shut its writing side is kept until 0.
  ///
  /// Call `flush()` after lowering it, also when there is nothing to send.
  package var dueAnswers = 0

  let loop: LoopConnections
  let channel: ChannelHandlerContext
  var state = ConnectionState()
  var framer: LineFramer
  /// Where this connection stands in the loop's list.
  var position = 0
  /// It counts among its peer's connections.
  var isCounted = false
  /// It waits for events and sends nothing by right: it is never idle.
  package var isFollowing = false
  /// It is in the list of those that the end of this turn looks at.
  var isTouched = false
  /// The loop's sweep looks at it.
  var isWatched = false
  var stall = Stall()

  /// The socket, until the channel closes it: then -1, set before anything else can use the number.
  var descriptor: Int32
  /// How many bytes of `output` have been sent.
  var sentOutput = 0
  /// Bytes that the channel has taken over, until all of them are sent.
  var inFlight = 0
  /// All bytes that the channel was ever given.
  var handedOver: UInt64 = 0
  /// Lines taken ever, those that were too long included.
  var linesTaken: UInt64 = 0
  /// The socket refused output for good.
  var isBroken = false
  private var isOffering = false
  /// The channel has been asked for input that it has not brought.
  private var isReading = false

  init(
    id: UInt64, peer: Peer, descriptor: Int32, channel: ChannelHandlerContext,
    loop: LoopConnections
  ) {
    self.id = id
    self.peer = peer
    self.descriptor = descriptor
    self.channel = channel
    self.loop = loop
    framer = LineFramer(lineBytes: loop.limits.lineBytes)
  }

  /// Bytes that wait for the client to read.
  package var unsentBytes: Int { unsent }

  /// Ends the connection as soon as its turn is over: what it waits for will not come.
  package func abandon() {
    isBroken = true
    loop.touch(self)
  }

  /// Ends the connection once its client has taken what is due.
  package func end() { drain() }

  /// Sends what `output` holds, in one write.
  ///
  /// From inside a call of the handler with a line of this connection it is left to the end of the
  /// turn.
  package func flush() {
    loop.eventLoop.assertInEventLoop()
    guard !state.isClosed else { return discardOutput() }
    if isOffering { return }
    sendOutput()
    // Everything beyond a plain send is for the end of the turn: it may call the handler.
    if hasOutput || isBroken || state.isPaused || state.input != .open { loop.touch(self) }
  }

  /// Offers the held line again, and those behind it, at the end of this turn.
  package func resume() {
    loop.eventLoop.assertInEventLoop()
    guard !state.isClosed, state.isHeld else { return }
    loop.counters.held(false)
    if state.resume() { loop.touch(self) }
  }

  // MARK: What the channel brings

  func received(_ bytes: ByteBuffer) {
    // What comes after the drain has begun was not read, as far as the client can tell.
    guard !state.isClosed, state.input != .draining else { return }
    framer.append(bytes.readableBytesUInt8Span)
    state.received()
    loop.touch(self)
    offerLines()
  }

  func readCompleted() {
    isReading = false
    readMore()
  }

  func inputEnded() {
    state.inputEnded()
    loop.touch(self)
  }

  /// The channel has closed the socket.
  func closed() {
    guard !state.isClosed else { return }
    descriptor = -1
    if state.isPaused { loop.counters.paused(false) }
    if state.isHeld { loop.counters.held(false) }
    state.close()
    discardOutput()
    loop.remove(self)
  }

  // MARK: What the loop asks for

  /// Offers the whole lines that were read, as far as the state and the slice of time allow.
  func offerLines() {
    isOffering = true
    defer { isOffering = false }
    let end = NIODeadline.now() + loop.limits.slice
    // While lines are offered nobody else looks at the framer: as a local value it costs no check.
    var framer = LineFramer(lineBytes: loop.limits.lineBytes)
    swap(&framer, &self.framer)
    defer { swap(&framer, &self.framer) }
    while state.mayOffer {
      switch framer.peek() {
      case nil: return state.exhausted()
      case .tooLong: loop.handler.lineTooLong(from: self)
      case .line:
        guard loop.handler.line(framer.line, from: self) == .taken else {
          state.hold()
          return loop.counters.held(true)
        }
      }
      framer.consume()
      linesTaken &+= 1
      // A line may bring an answer a thousand times its size: the bound is looked at after each.
      var unsent = unsent
      if unsent > loop.bounds.unsentBytes {
        sendOutput()
        unsent = self.unsent
      }
      measure(unsent)
      if NIODeadline.now() > end { return loop.postpone(self) }
    }
  }

  func drain() {
    state.drain()
    loop.touch(self)
  }

  /// Drains unless the client may still bring something.
  func drainIfQuiet() {
    let mayBring =
      switch loop.stop {
      case .serving: true
      case .askingFirst: state.mayRead && (linesTaken == 0 || isSecure || hasInput)
      case .readingLast: state.mayRead && hasInput
      case .draining: false
      }
    if mayBring { readMore() } else { drain() }
  }

  /// Under TLS only the channel knows what the client has sent.
  private var isSecure: Bool { descriptor < 0 }

  /// Whatever the turn has left to do that may call the handler or the channel.
  func settle() {
    guard !state.isClosed else { return }
    sendOutput()
    if isBroken { return close() }
    if hasOutput { handOver() }
    guard !state.isClosed else { return }
    if measure(unsent) { loop.touch(self) }
    if loop.stop != .serving, state.input == .open { drainIfQuiet() }
    if state.isFinished(unsent: unsent, due: dueAnswers) { return close() }
    readMore()
    if stallReason != nil { loop.watch(self) }
  }

  func close() { channel.close(promise: nil) }

  // MARK: -

  private func readMore() {
    guard !isReading, state.mayRead else { return }
    isReading = true
    channel.read()
  }

  /// True when lines are to be offered again.
  @discardableResult
  private func measure(_ unsent: Int) -> Bool {
    let wasPaused = state.isPaused
    if !wasPaused, unsent <= loop.bounds.unsentBytes, dueAnswers <= loop.bounds.dueAnswers {
      return false
    }
    let goesOn = state.measure(unsent: unsent, due: dueAnswers, within: loop.bounds)
    if wasPaused != state.isPaused { loop.counters.paused(state.isPaused) }
    return goesOn
  }
}
