import Foundation
import Histogram

/// What was asked for and what came of it, as it is written down.
struct PhaseResult: Encodable {
  let name: String
  let mode: String
  let clients: Int
  let depth: Int
  let nodes: Int
  /// Requests a second that were to be sent; nil: the next was sent when one was answered.
  let rate: Double?
  let warmUpSeconds: Double
  let seconds: Double
  let answers: Int
  let perSecond: Double
  let failed: Int
  let errors: [String: Int]
  let sentLate: Int
  /// All operations together.
  let latency: LatencySummary
  let percentileCurve: [CurvePoint]
  let operations: [OperationResult]
  let intervals: [Figures.Interval]
  /// By how much is done, where that is known; empty otherwise.
  let perSecondInTenths: [Double]
  let clientCPUSeconds: Double
  let check: CheckResult?

  /// What a share of all latencies does not exceed.
  struct CurvePoint: Encodable {
    let fraction: Double
    let microseconds: Double
  }

  /// The latencies of one operation.
  struct OperationResult: Encodable {
    let name: String
    let latency: LatencySummary
  }

  init(plan: LoadPlan, figures: Figures, check: CheckResult?) {
    name = plan.name
    mode = plan.mode.rawValue
    clients = plan.clients
    depth = plan.depth
    nodes = plan.nodes
    rate = plan.rate
    warmUpSeconds = plan.warmUp
    seconds = Double(figures.nanoseconds) / 1e9
    answers = figures.answered
    perSecond = figures.perSecond
    failed = figures.failed
    errors = figures.errors
    sentLate = figures.sentLate
    let all = figures.allLatencies
    latency = LatencySummary(all)
    percentileCurve = Self.curve(all)
    operations = Operation.allCases.compactMap { operation in
      let latencies = figures.latencies[Int(operation.rawValue)]
      guard latencies.totalCount > 0 else { return nil }
      return OperationResult(name: operation.name, latency: LatencySummary(latencies))
    }
    intervals = figures.intervals
    perSecondInTenths = figures.rateOfTenths
    clientCPUSeconds = Double(figures.usedNanoseconds) / 1e9
    self.check = check
  }

  /// Ten points for each nine, as far as there are answers to tell them apart.
  private static func curve(_ latencies: LatencyHistogram) -> [CurvePoint] {
    guard latencies.totalCount > 0 else { return [] }
    let nines = log10(Double(latencies.totalCount))
    return (0...max(1, Int(nines * 10))).map { step in
      let fraction = 1 - pow(10, -Double(step) / 10)
      return CurvePoint(
        fraction: fraction, microseconds: Double(latencies.quantile(fraction)) / 1e3)
    }
  }

  /// Whether every answer was what it should be.
  var isClean: Bool { failed == 0 && check?.violations ?? 0 == 0 }

  /// What one core of this client could ask in a second.
  var clientCapacity: Double { clientCPUSeconds > 0 ? Double(answers) / clientCPUSeconds : 0 }
}

/// Latencies in microseconds.
struct LatencySummary: Encodable {
  let count: UInt64
  let p50: Double
  let p90: Double
  let p99: Double
  let p999: Double
  let max: Double

  init(_ latencies: LatencyHistogram) {
    func microseconds(_ fraction: Double) -> Double { Double(latencies.quantile(fraction)) / 1e3 }
    count = latencies.totalCount
    p50 = microseconds(0.5)
    p90 = microseconds(0.9)
    p99 = microseconds(0.99)
    p999 = microseconds(0.999)
    max = Double(latencies.maxRecorded) / 1e3
  }
}

/// What a check of everything that was acknowledged found.
struct CheckResult: Encodable {
  let acknowledged: Int
  /// Pods and Services that were asked for at the end.
  let readBack: Int
  let violations: Int
  /// The first violations.
  let samples: [String]

  init(_ check: HistoryCheck, readBack: Int) {
    acknowledged = check.acknowledged
    self.readBack = readBack
    violations = check.violations
    samples = check.samples
  }
}
