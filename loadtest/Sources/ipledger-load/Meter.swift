import Histogram

/// Counts and times answers while a phase runs.
///
/// An answer is recorded once, into the running interval; what an interval gathered is added to the
/// whole when it is over.
struct Meter {
  private(set) var figures = Figures()
  private var current = [LatencyHistogram](repeating: .empty, count: Operation.allCases.count)
  private var answersBefore = 0
  private var errorsNow = 0
  private var measuredFrom: UInt64
  private var usedBefore = Clock.used
  private var intervalStart: UInt64
  private let interval: UInt64
  private let hundredth: Int

  /// Until when nothing counts.
  private var warmUntil: UInt64?

  init(start: UInt64, timing: PhaseTiming) {
    measuredFrom = start
    intervalStart = start
    interval = UInt64(timing.interval * 1e9)
    hundredth = timing.expected.map { max(1, $0 / 100) } ?? .max
    warmUntil = timing.warmUp > 0 ? start + UInt64(timing.warmUp * 1e9) : nil
  }

  var answered: Int { figures.answered }

  mutating func record(_ operation: Operation, _ nanoseconds: UInt64) {
    figures.answered += 1
    current[Int(operation.rawValue)].recordLatency(nanoseconds)
  }

  mutating func recordError(_ reason: String) {
    figures.errors[reason, default: 0] += 1
    errorsNow += 1
  }

  mutating func recordLateSend() { figures.sentLate += 1 }

  /// To be told now and then what time it is.
  ///
  /// Returns whether an interval was closed.
  mutating func tick(_ now: UInt64) -> Bool {
    if let end = warmUntil {
      guard now >= end else { return false }
      warmUntil = nil
      startAnew(now)
      return false
    }
    while figures.answered / hundredth > figures.hundredths.count, figures.hundredths.count < 100 {
      figures.hundredths.append(now - measuredFrom)
    }
    guard now >= intervalStart + interval else { return false }
    closeInterval(now)
    return true
  }

  /// The figures, when all is answered.
  mutating func finish(_ now: UInt64) -> Figures {
    warmUntil = nil
    _ = tick(now)
    if figures.answered > answersBefore { closeInterval(now) }
    figures.nanoseconds = now - measuredFrom
    figures.usedNanoseconds = Clock.used - usedBefore
    return figures
  }

  private mutating func startAnew(_ now: UInt64) {
    for index in current.indices { current[index].reset() }
    figures = Figures()
    errorsNow = 0
    (measuredFrom, intervalStart, usedBefore) = (now, now, Clock.used)
  }

  private mutating func closeInterval(_ now: UInt64) {
    var all = LatencyHistogram.empty
    for index in current.indices where current[index].totalCount > 0 {
      all.add(current[index])
      figures.latencies[index].add(current[index])
      current[index].reset()
    }
    let answers = figures.answered - answersBefore
    let length = Double(max(1, now - intervalStart)) / 1e9
    figures.intervals.append(
      Figures.Interval(
        seconds: Double(now - measuredFrom) / 1e9, answers: answers,
        perSecond: Double(answers) / length, errors: errorsNow,
        p50: Double(all.quantile(0.5)) / 1e3, p99: Double(all.quantile(0.99)) / 1e3,
        p999: Double(all.quantile(0.999)) / 1e3, max: Double(all.maxRecorded) / 1e3))
    answersBefore = figures.answered
    errorsNow = 0
    intervalStart = now
  }
}
