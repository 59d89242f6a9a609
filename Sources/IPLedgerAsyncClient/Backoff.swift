/// How long to wait before the next try: twice as long each time, by chance between nothing and all
/// of it, so that clients who lost one daemon do not come back all at once.
public struct Backoff: Sendable {
  /// The most that the first wait takes.
  public var shortest: Duration

  /// No wait is longer.
  public var longest: Duration

  /// The waits since the last success.
  private var trials = 0

  public init(shortest: Duration = .milliseconds(50), longest: Duration = .seconds(5)) {
    self.shortest = shortest
    self.longest = longest
  }

  /// The next wait.
  ///
  /// - Parameter chance: from 0 to 1.
  mutating func next(chance: Double) -> Duration {
    let doublings = min(trials, 30)
    trials += 1
    return min(longest, shortest * (1 << doublings)) * chance
  }

  /// The next wait is a first one again.
  mutating func reset() { trials = 0 }
}
