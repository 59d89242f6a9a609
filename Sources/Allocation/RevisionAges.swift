import AddressBitmap
import Synchronization

/// How old revisions are, by the monotonic clock: a wall clock that jumps makes nothing look old.
///
/// Of every tenth of a second its last commit is remembered. When that becomes too much, of the
/// older ones only so many are kept that what they say is less than one per cent too young. Nothing
/// ever looks too old.
final class RevisionAges: Sendable {
  private struct Sample {
    /// When the slot of time began, and when its last commit was; monotonic milliseconds.
    let began: Int64
    var time: Int64
    var revision: UInt64
  }

  private let samples: Locked<[Sample]> = Locked([])
  private let started: Int64
  private let wallAtStart: Int64
  private let revisionAtStart = Atomic<UInt64>(0)

  private static let slotMilliseconds: Int64 = 100
  private static let mostSamples = 16_384

  init(now: Int64, wall: Int64) {
    started = now
    wallAtStart = wall
  }

  /// At start: `revision` is the newest that others have made.
  func start(at revision: UInt64) {
    revisionAtStart.store(revision, ordering: .sequentiallyConsistent)
  }

  func isFromBeforeStart(_ revision: UInt64) -> Bool {
    revision <= revisionAtStart.load(ordering: .sequentiallyConsistent)
  }

  /// `revision` was the newest at `now`.
  func note(revision: UInt64, at now: Int64) {
    samples.withLock { samples in
      if let last = samples.last, now - last.began < Self.slotMilliseconds {
        samples[samples.count - 1].time = now
        samples[samples.count - 1].revision = revision
        return
      }
      if samples.count == Self.mostSamples { Self.thin(&samples, now) }
      samples.append(Sample(began: now, time: now, revision: revision))
    }
  }

  /// What is left grows with the logarithm of the time: a few thousand for a year.
  private static func thin(_ samples: inout [Sample], _ now: Int64) {
    var kept: [Sample] = []
    for sample in samples {
      if let last = kept.last, sample.time - last.time < (now - sample.time) / 128 { continue }
      kept.append(sample)
    }
    samples = kept
  }

  /// What is at least `milliseconds` old at `now`: it became durable since the start at this
  /// revision or before, or before the start at this wall time or before.
  func limits(
    olderThan milliseconds: Int64, now: Int64
  ) -> (sinceStart: UInt64, beforeStart: Int64) {
    let time = now - milliseconds
    let revision = samples.withLock { samples in
      var low = 0
      var high = samples.count
      while low < high {
        let middle = (low + high) / 2
        if samples[middle].time <= time { low = middle + 1 } else { high = middle }
      }
      return low == 0 ? 0 : samples[low - 1].revision
    }
    let rest = milliseconds - (now - started)
    return (revision, rest <= 0 ? .max : wallAtStart - rest)
  }
}
