import Histogram

/// What one phase of a load measured.
struct Figures {
  /// One for each operation, in the order of their raw values.
  var latencies = [LatencyHistogram](repeating: .empty, count: Operation.allCases.count)
  /// How often each reason was answered.
  var errors: [String: Int] = [:]
  var answered = 0
  var nanoseconds: UInt64 = 0
  /// Processor time that this program used meanwhile.
  var usedNanoseconds: UInt64 = 0
  var intervals: [Interval] = []

  /// When each hundredth of the requests was answered, in nanoseconds from the start; for phases
  /// whose number of requests is known.
  var hundredths: [UInt64] = []

  /// Requests whose time had come for longer than a millisecond when they were sent: all that may
  /// be in flight was, or this program had no processor.
  var sentLate = 0

  /// What was answered in a stretch of time.
  struct Interval: Encodable {
    /// From the start of the measurement.
    let seconds: Double
    let answers: Int
    let perSecond: Double
    let errors: Int
    let p50: Double
    let p99: Double
    let p999: Double
    let max: Double
  }

  var failed: Int { errors.values.reduce(0, +) }
  var perSecond: Double { Self.rate(answered, nanoseconds) }

  /// Answers for each second of this program's processor time: what one core of it could ask.
  var clientCapacity: Double { Self.rate(answered, usedNanoseconds) }

  /// All operations together.
  var allLatencies: LatencyHistogram {
    latencies.reduce(into: .empty) { $0.add($1) }
  }

  /// The rate within each tenth of the way; none when the way is too short to tell.
  var rateOfTenths: [Double] {
    guard hundredths.count == 100 else { return [] }
    let ends = stride(from: 9, to: 100, by: 10).map { hundredths[$0] }
    let lengths = zip(ends, [0] + ends).map { $0 - $1 }
    guard !lengths.contains(0) else { return [] }
    return lengths.map { Self.rate(answered / 10, $0) }
  }

  private static func rate(_ count: Int, _ nanoseconds: UInt64) -> Double {
    nanoseconds == 0 ? 0 : Double(count) * 1e9 / Double(nanoseconds)
  }
}
