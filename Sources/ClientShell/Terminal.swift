internal import Glibc

/// A terminal that gives every key at once; how it was before comes back with its owner's end.
///
/// The signals that end or stop a process are held back meanwhile, and taken by `nextSignal`, so
/// that none of them leaves the terminal as it must not be left.
struct Terminal: ~Copyable {
  private let input: Int32
  private let output: Int32
  private let before: termios
  private let signalsBefore: sigset_t

  static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH]

  /// Whether both are a terminal.
  static func isTerminal(input: Int32 = 0, output: Int32 = 1) -> Bool {
    isatty(input) == 1 && isatty(output) == 1
  }

  /// Nil when it is no terminal.
  init?(input: Int32 = 0, output: Int32 = 1) {
    guard Self.isTerminal(input: input, output: output) else { return nil }
    var settings = termios()
    // Safe: the kernel fills the structure.
    guard unsafe tcgetattr(input, &settings) == 0 else { return nil }
    before = settings
    self.input = input
    self.output = output
    var old = sigset_t()
    var held = Self.signalSet
    // Safe: both sets are this function's own.
    unsafe pthread_sigmask(SIG_BLOCK, &held, &old)
    signalsBefore = old
    setRaw()
  }

  deinit {
    restore()
    var old = signalsBefore
    // Safe: the set is the one that the thread had.
    unsafe pthread_sigmask(SIG_SETMASK, &old, nil)
  }

  /// Every key at once, none of them shown or taken for a signal.
  func setRaw() {
    var raw = before
    // Safe: the structure is this function's own.
    unsafe cfmakeraw(&raw)
    // Newlines still begin at the left edge.
    raw.c_oflag |= tcflag_t(OPOST)
    unsafe tcsetattr(input, TCSADRAIN, &raw)
  }

  /// As it was.
  func restore() {
    var settings = before
    // Safe: these are the settings that the terminal had.
    unsafe tcsetattr(input, TCSADRAIN, &settings)
  }

  /// Stops this process as ^Z does, and goes on when the shell lets it.
  func suspend() {
    restore()
    kill(getpid(), SIGSTOP)
    setRaw()
  }

  /// Columns and rows.
  var size: (columns: Int, rows: Int) {
    var size = winsize()
    // Safe: the kernel fills the structure.
    let status = unsafe ioctl(output, UInt(TIOCGWINSZ), &size)
    guard status == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// What was pressed within the time; empty when nothing was, nil when the terminal has gone.
  func read(within milliseconds: Int32) -> [UInt8]? {
    var wanted = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
    // Safe: one structure, and its count.
    guard unsafe poll(&wanted, 1, milliseconds) > 0 else { return [] }
    var count = 0
    // Safe: the kernel fills no more than the capacity.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 4_096) { buffer, filled in
      count = unsafe Glibc.read(input, buffer.baseAddress, 4_096)
      filled = max(count, 0)
    }
    return count > 0 ? bytes : nil
  }

  func write(_ text: String) { StandardStream(descriptor: output).write(text) }

  /// A signal that came; nil when none did.
  func nextSignal() -> Int32? {
    var set = Self.signalSet
    var none = timespec()
    // Safe: both are this function's own; nobody asks what came with the signal.
    let signal = unsafe sigtimedwait(&set, nil, &none)
    return signal > 0 ? signal : nil
  }

  /// What a signal asks for.
  enum Meaning: Sendable, Hashable {
    case resize, suspend, interrupt, end
  }

  static func meaning(of signal: Int32) -> Meaning {
    switch signal {
    case SIGWINCH: .resize
    case SIGTSTP: .suspend
    case SIGINT: .interrupt
    default: .end
    }
  }

  private static var signalSet: sigset_t {
    var set = sigset_t()
    // Safe: the set is this function's own.
    unsafe sigemptyset(&set)
    for signal in signals { unsafe sigaddset(&set, signal) }
    return set
  }
}
