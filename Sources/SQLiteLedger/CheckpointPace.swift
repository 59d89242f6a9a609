/// Decides when the log is copied into the database file: a state machine without I/O.
///
/// The log starts over at its front, overwriting itself, once every frame of it has been copied
/// and a commit comes next. Beside a writer that never rests a background pass always ends behind
/// it; so past a bound the writer copies the short rest itself.
struct CheckpointPace: Sendable {
  enum Step: Equatable, Sendable {
    case none
    /// A pass beside the writer.
    case background
    /// The writer copies what is left, now.
    case finish
  }

  /// Frames that the log grows by between two passes.
  let stride: Int

  /// Frames past which the log is made to start over.
  let limit: Int

  private var lastFrames = 0
  /// Where the last pass began, and where the writer last finished.
  private var passStart = 0
  private var finished = 0

  init(stride: Int, limit: Int) {
    precondition(0 < stride && stride <= limit, "a log is copied before it passes its bound")
    self.stride = stride
    self.limit = limit
  }

  /// A commit left the log with so many frames.
  mutating func committed(frames: Int, isPassRunning: Bool) -> Step {
    if frames < lastFrames {
      passStart = 0
      finished = 0
    }
    lastFrames = frames
    if isPassRunning { return .none }
    // A reader may keep the log from starting over: the writer tries again only a stride later.
    if frames >= limit, frames - finished >= stride,
      frames - passStart < stride || frames >= 2 * limit
    {
      finished = frames
      passStart = frames
      return .finish
    }
    guard frames - passStart >= stride else { return .none }
    passStart = frames
    return .background
  }
}
