import AddressBitmap
import Allocation
import LineProtocol

/// Counts of requests over all event loops.
///
/// Each loop counts for itself and adds once a turn.
final class RequestStatistics: Sendable {
  struct Counts {
    var count: UInt64 = 0
    var errors: UInt64 = 0
  }

  /// What went wrong with requests of a method.
  struct Failure: Hashable, Sendable {
    let method: Method
    let reason: ErrorReason
  }

  private struct State {
    var failures: [Failure: UInt64] = [:]
    var methods = [Counts](repeating: Counts(), count: Method.allCases.count)
    var latency = LatencyHistogram()
  }

  private let state = Locked(State())

  /// What one loop has counted since it last added.
  struct Turn {
    fileprivate(set) var methods = [Counts](repeating: Counts(), count: Method.allCases.count)
    fileprivate(set) var failures: [Failure] = []
    fileprivate(set) var latencies: [UInt32] = []
    private(set) var isEmpty = true

    mutating func began(_ method: Method) {
      methods[Int(method.rawValue)].count += 1
      isEmpty = false
    }

    mutating func failed(_ method: Method, _ reason: ErrorReason) {
      methods[Int(method.rawValue)].errors += 1
      failures.append(Failure(method: method, reason: reason))
      isEmpty = false
    }

    /// - Parameter now: monotonic nanoseconds.
    mutating func answered(_ answers: borrowing UniqueBuffer<PendingAnswer>, now: Int64) {
      for index in answers.indices {
        latencies.append(UInt32(clamping: (now - answers[index].started) / 1000))
      }
      isEmpty = false
    }

    fileprivate mutating func reset() {
      for index in methods.indices { methods[index] = Counts() }
      failures.removeAll(keepingCapacity: true)
      latencies.removeAll(keepingCapacity: true)
      isEmpty = true
    }
  }

  func add(_ turn: inout Turn) {
    guard !turn.isEmpty else { return }
    state.withLock { state in
      for index in turn.methods.indices {
        state.methods[index].count += turn.methods[index].count
        state.methods[index].errors += turn.methods[index].errors
      }
      for failure in turn.failures { state.failures[failure, default: 0] += 1 }
      for microseconds in turn.latencies {
        state.latency.record(microseconds: UInt64(microseconds))
      }
    }
    turn.reset()
  }

  var methods: [(method: Method, counts: Counts)] {
    state.withLock { state in Method.allCases.map { ($0, state.methods[Int($0.rawValue)]) } }
  }

  var failures: [(method: Method, reason: ErrorReason, count: UInt64)] {
    state.withLock { state in
      state.failures.map { ($0.key.method, $0.key.reason, $0.value) }
        .sorted {
          ($0.method.rawValue, $0.reason.rawValue) < ($1.method.rawValue, $1.reason.rawValue)
        }
    }
  }

  var durations: LatencyHistogram { state.withLock { $0.latency } }

  /// Microseconds from the turn that brought a request to its answer.
  var latency: LatencyQuantiles? { state.withLock { $0.latency.quantiles } }
}
