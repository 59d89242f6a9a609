/// What one phase of a load measured.
struct Figures {
  var reserves = LatencyHistogram()
  var releases = LatencyHistogram()
  /// How often each reason was answered.
  var errors: [String: Int] = [:]
  var answered = 0
  var nanoseconds: UInt64 = 0
  /// Processor time that this program used meanwhile.
  var usedNanoseconds: UInt64 = 0
  /// When each tenth of the requests was answered, in nanoseconds from the start; for phases whose
  /// number of requests is known.
  var tenths: [UInt64] = []

  var failed: Int { errors.values.reduce(0, +) }
  var perSecond: Double { Self.rate(answered, nanoseconds) }

  /// Answers for each second of this program's processor time: what one core of it could ask.
  var clientCapacity: Double { Self.rate(answered, usedNanoseconds) }

  /// The rate within each tenth.
  var rateOfTenths: [Double] {
    let count = answered / max(1, tenths.count)
    return zip(tenths, [0] + tenths).map { end, start in Self.rate(count, end - start) }
  }

  private static func rate(_ count: Int, _ nanoseconds: UInt64) -> Double {
    nanoseconds == 0 ? 0 : Double(count) * 1e9 / Double(nanoseconds)
  }

  mutating func record(_ request: Request, _ duration: UInt64) {
    answered += 1
    switch request {
    case .reserve: reserves.record(duration)
    case .release: releases.record(duration)
    case .register: break
    }
  }
}
