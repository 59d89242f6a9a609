import AddressBitmap
import Dispatch

/// Makes batches durable: natural group commit on one thread, or on the caller's when it is alone.
///
/// While one commit runs, batches gather; all of them are the next commit. Nothing waits for more
/// to come. A lone batch is committed on the thread that hands it over, as a hop to another thread
/// costs as much as the commit itself. Both ways give the same guarantees, and never run at once:
/// whoever has set `isBusy` has the store.
package final class LedgerWriter: Sendable {
  struct State: ~Copyable {
    var queue = UniqueBuffer<ChangeBatch>()
    var isBusy = false
    /// Records of the last commit: a batch is alone only when nobody else was there before.
    var lastCommit = 0
    /// How long the last commit took.
    var lastNanoseconds: Int64 = 0
    var isDerivationPlanned = false
    /// Rows that are due to be derived beside commits.
    var rowsDue = 0
    /// When the last slice was derived between commits.
    var lastSlice: Int64 = 0
    /// Commits so far, and how many there were when the derivation was planned.
    var commits = 0
    var commitsAtPlan = 0
    var isProbePlanned = false
    var isClosed = false
    /// Work beside commits, one after the other.
    var works: [PiecewiseWork] = []
    /// When the last piece of it ended.
    var lastPiece: Int64 = 0
  }

  let state = Locked(State())
  private let store: any LedgerStore
  let engine: AllocationEngine
  private let statistics: CommitStatistics
  let thread = DispatchQueue(label: "ledger", qos: .userInitiated)

  /// Called once when a commit failed half-way, with the reason: the process must end.
  private let failed: @Sendable (String) -> Void

  /// Called when the ledger becomes unwritable, with the reason, and writable again, with nil.
  private let availability: @Sendable (String?) -> Void

  /// A batch of more changes is never committed on the caller's thread.
  private static let mostInline = 2

  /// Nor is one at all when the last commit took longer than this: on a slow disk the caller's
  /// other clients would wait for it, and the hop is cheap beside it.
  private static let mostNanoseconds: Int64 = 1_000_000

  /// Milliseconds without a commit after which the state is derived.
  private static let restMilliseconds = 200

  /// Milliseconds between two pieces of a derivation, for whoever comes meanwhile.
  private static let pauseMilliseconds = 1

  /// Milliseconds between two attempts to write a ledger that could not be written.
  private static let probeMilliseconds = 250

  /// Rows of one slice of a derivation: two to three milliseconds of work.
  private static let sliceSize = 512

  /// Underived records from which on a slice is derived whenever nothing is queued.
  private static let mediumTail = 65_536

  /// Nanoseconds between two of those, which is for commits.
  private static let slicePause: Int64 = 5_000_000

  /// Underived records from which on commits are followed by slices of their own, which are the
  /// larger the longer the tail is: so that a restart stays short however long nothing pauses.
  private static let longTail = 1_100_000

  /// Records beyond that at which slices keep pace and more.
  private static let excessAtFullPace = 300_000

  /// Rows that keep pace with a record: one of the state, two of the trail, and some to catch up.
  private static let rowsPerRecord = 6

  package init(
    store: any LedgerStore, engine: AllocationEngine, statistics: CommitStatistics,
    failed: @escaping @Sendable (String) -> Void,
    availability: @escaping @Sendable (String?) -> Void
  ) {
    self.store = store
    self.engine = engine
    self.statistics = statistics
    self.failed = failed
    self.availability = availability
  }

  /// Hands a batch over; its observer gets it back.
  ///
  /// May commit before it returns.
  package func submit(_ batch: consuming ChangeBatch) {
    var handed: ChangeBatch? = batch
    let isAlone = state.withLock { state in
      guard let batch = handed.take() else { return false }
      let isAlone =
        !state.isBusy && batch.count <= Self.mostInline
        && state.lastCommit <= Self.mostInline && state.lastNanoseconds <= Self.mostNanoseconds
      let isIdle = !state.isBusy
      state.queue.append(batch)
      state.isBusy = true
      if isIdle, !isAlone { thread.async { self.drain() } }
      return isAlone
    }
    guard isAlone else { return }
    commitQueue()
    continueElsewhere()
  }

  /// Goes on with what the ledger was left with.
  ///
  /// Called once, before or after the first batch.
  package func start() {
    if statistics.underived(adding: 0) > 0 { planDerivation() }
  }

  /// Runs `work` on the writer's own thread, behind whatever that does now.
  package func perform(_ work: @escaping @Sendable () -> Void) { thread.async(execute: work) }

  /// Blocks until nothing is queued or running, and lets nothing run after it.
  package func close() {
    while !state.withLock({ state in
      guard !state.isBusy else { return state.isClosed }
      state.isClosed = true
      state.isBusy = true
      return true
    }) {
      thread.sync {}
    }
    store.close()
  }

  /// After an inline commit: what has gathered meanwhile goes to the writer's own thread.
  private func continueElsewhere() {
    let isMore = state.withLock { state in
      if state.queue.isEmpty, statistics.underived <= Self.mediumTail { state.isBusy = false }
      return state.isBusy
    }
    if isMore { thread.async { self.drain() } } else { planDerivation() }
  }

  func drain() {
    while true {
      commitQueue()
      deriveBetweenCommits()
      workBetweenCommits()
      let isMore = state.withLock { state in
        if state.queue.isEmpty { state.isBusy = false }
        return state.isBusy
      }
      guard isMore else { return planDerivation() }
    }
  }

  /// Commits everything that is queued now as one transaction.
  private func commitQueue() {
    var batches = UniqueBuffer<ChangeBatch>()
    state.withLock { state in swap(&state.queue, &batches) }
    guard !batches.isEmpty else { return }
    if let failure = engine.admission.failure { return fail(&batches, failure, isFirst: false) }
    let first = store.newestRevision + 1
    let time = max(engine.clock.wallMilliseconds(), store.newestTime)
    let started = engine.clock.monotonicNanoseconds()
    do throws(LedgerFailure) {
      let count = try write(batches, first, time)
      let nanoseconds = engine.clock.monotonicNanoseconds() - started
      statistics.committed(records: count, nanoseconds: nanoseconds)
      settle(&batches, first, time)
      state.withLock { state in
        state.commits += 1
        state.lastCommit = count
        state.lastNanoseconds = nanoseconds
      }
      deriveLongTail(after: count)
    } catch {
      store.rollBack()
      statistics.failed()
      fail(&batches, error)
    }
  }

  private func write(
    _ batches: borrowing UniqueBuffer<ChangeBatch>, _ first: UInt64, _ time: Int64
  ) throws(LedgerFailure) -> Int {
    var count = 0
    try store.begin()
    for position in batches.indices {
      try store.append(batches[position], firstRevision: first + UInt64(count), time: time)
      count += batches[position].count
    }
    try store.commit()
    return count
  }

  private func settle(
    _ batches: inout UniqueBuffer<ChangeBatch>, _ first: UInt64, _ time: Int64
  ) {
    var revision = first
    for position in 0..<batches.count {
      engine.show(&batches[position], firstRevision: revision, time: time)
      batches[position].settle(.durable(firstRevision: revision, time: time))
      revision += UInt64(batches[position].count)
    }
    giveBack(&batches)
  }

  private func fail(
    _ batches: inout UniqueBuffer<ChangeBatch>, _ failure: LedgerFailure, isFirst: Bool = true
  ) {
    switch failure {
    case .unavailable(let cause):
      engine.admission.suspend(cause: cause)
      availability(cause)
      planProbe()
      for position in (0..<batches.count).reversed() { engine.takeBack(&batches[position]) }
    case .unknown(let cause):
      // What was claimed stays claimed: it may be on disk. The process ends.
      engine.admission.fail(cause: cause)
    }
    for position in 0..<batches.count { batches[position].settle(.failed(.ledger(failure))) }
    giveBack(&batches)
    guard isFirst, case .unknown(let cause) = failure else { return }
    // Those who wait for these changes must not wait for ever.
    engine.inFlight.ended(0)
    failed(cause)
  }

  /// Returns the batches to their observers in the order in which they became durable.
  private func giveBack(_ batches: inout UniqueBuffer<ChangeBatch>) {
    while !batches.isEmpty {
      let batch = batches.remove(at: 0)
      let observer = batch.observer
      observer.settled(batch)
    }
  }
}

/// What the writer does when nothing waits, or when something must not wait any longer.
extension LedgerWriter {
  private func planDerivation(afterMilliseconds delay: Int = LedgerWriter.restMilliseconds) {
    let isWanted = state.withLock { state in
      guard !state.isDerivationPlanned, !state.isClosed else { return false }
      state.isDerivationPlanned = true
      state.commitsAtPlan = state.commits
      return true
    }
    guard isWanted else { return }
    thread.asyncAfter(deadline: .now() + .milliseconds(delay)) {
      self.deriveAtRest()
    }
  }

  /// One piece, if there was no commit in a while; then the next one, until nothing is left.
  private func deriveAtRest() {
    guard engine.admission.failure == nil else { return }
    let isResting = state.withLock { state in
      state.isDerivationPlanned = false
      guard !state.isBusy, state.commits == state.commitsAtPlan else { return false }
      state.isBusy = true
      return true
    }
    guard isResting else { return planDerivation() }
    let left = deriveSlice(atMost: Self.sliceSize)
    let isMore = state.withLock { state in
      if state.queue.isEmpty { state.isBusy = false }
      return state.isBusy
    }
    if isMore {
      drain()
    } else if left > 0 {
      planDerivation(afterMilliseconds: Self.pauseMilliseconds)
    }
  }

  /// Keeps pace with commits when the tail is long.
  private func deriveLongTail(after count: Int) {
    let excess = statistics.underived(adding: count) - Self.longTail
    guard excess > 0 else { return }
    let share = min(excess, Self.excessAtFullPace)
    let rows = state.withLock { state in
      state.rowsDue += max(1, count * Self.rowsPerRecord * share / Self.excessAtFullPace)
      guard state.rowsDue >= Self.sliceSize else { return 0 }
      defer { state.rowsDue = 0 }
      return state.rowsDue
    }
    if rows > 0 { _ = deriveSlice(atMost: rows) }
  }

  /// Uses the time in which nothing is queued, when the tail is not short; called as the one who
  /// has the store.
  private func deriveBetweenCommits() {
    guard statistics.underived > Self.mediumTail, engine.admission.failure == nil else { return }
    let now = engine.clock.monotonicNanoseconds()
    let isDue = state.withLock { state in
      guard state.queue.isEmpty, now - state.lastSlice >= Self.slicePause else { return false }
      state.lastSlice = now
      return true
    }
    if isDue { _ = deriveSlice(atMost: Self.sliceSize) }
  }

  private func deriveSlice(atMost count: Int) -> Int {
    do throws(LedgerFailure) {
      let left = try store.deriveSlice(atMost: count)
      statistics.setUnderived(left)
      return left
    } catch {
      giveUp(error)
      return 0
    }
  }

  /// After a transaction of the writer's own has failed.
  func giveUp(_ failure: LedgerFailure) {
    store.rollBack()
    switch failure {
    case .unavailable(let cause):
      engine.admission.suspend(cause: cause)
      availability(cause)
      planProbe()
    case .unknown(let cause):
      engine.admission.fail(cause: cause)
      failed(cause)
    }
  }

  private func planProbe() {
    let isWanted = state.withLock { state in
      guard !state.isProbePlanned, !state.isClosed else { return false }
      state.isProbePlanned = true
      return true
    }
    guard isWanted else { return }
    thread.asyncAfter(deadline: .now() + .milliseconds(Self.probeMilliseconds)) { self.probe() }
  }

  private func probe() {
    let isFree = state.withLock { state in
      state.isProbePlanned = false
      guard !state.isBusy else { return false }
      state.isBusy = true
      return true
    }
    guard isFree else { return planProbe() }
    do throws(LedgerFailure) {
      if engine.admission.failure == nil {
        try store.probe()
        if engine.admission.resume() { availability(nil) }
      }
    } catch {
      store.rollBack()
      if case .unknown(let cause) = error {
        engine.admission.fail(cause: cause)
        failed(cause)
      } else {
        planProbe()
      }
    }
    let isMore = state.withLock { state in
      if state.queue.isEmpty { state.isBusy = false }
      return state.isBusy
    }
    if isMore { drain() }
  }
}
