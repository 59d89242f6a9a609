/// Decides when the log is copied into the database file: a state machine without I/O.
///
/// The log starts over at its front, overwriting itself, once every frame of it has been copied
/// and a commit comes next. Beside a writer that never rests a background pass always ends behind
/// it; so past half of the log's size passes follow each other until the rest is short, and that
/// rest the writer copies itself.
struct CheckpointPace: Sendable {
  enum Step: Equatable, Sendable {
    case none
    /// A pass beside the writer.
    case background
    /// The writer copies what is left, now.
    case finish
  }

  /// Frames that the file of the log has room for without growing.
  let size: Int

  /// Frames that the log grows by between two passes.
  var stride: Int { max(1, size / 8) }

  /// A rest that the writer copies in a few milliseconds.
  private var shortRest: Int { max(1, size / 32) }

  private var lastFrames = 0
  /// Where the last pass began, and where the writer last finished.
  private var passStart = 0
  private var finished = 0

  init(size: Int) {
    precondition(size > 0, "a log has room")
    self.size = size
  }

  /// A commit left the log with so many frames.
  mutating func committed(frames: Int, isPassRunning: Bool) -> Step {
    if frames < lastFrames {
      passStart = 0
      finished = 0
    }
    lastFrames = frames
    if isPassRunning && frames < 2 * size { return .none }
    let rest = frames - passStart
    let isFinishing = frames >= size / 2 && frames - finished >= stride
    // A reader may keep the log from starting over: the writer tries again only a stride later.
    if isFinishing, rest <= shortRest || frames >= size {
      finished = frames
      passStart = frames
      return .finish
    }
    guard !isPassRunning, isFinishing || rest >= stride else { return .none }
    passStart = frames
    return .background
  }
}
