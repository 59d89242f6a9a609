import AddressBitmap
import Dispatch

/// Long work on the store, in pieces of a few milliseconds.
struct PiecewiseWork: Sendable {
  /// Does one piece; answers whether there is more.
  let piece: @Sendable () throws(LedgerFailure) -> Bool

  /// Called once, after the last piece or with what one has failed of.
  let ended: @Sendable (LedgerFailure?) -> Void
}

extension LedgerWriter {
  /// Milliseconds between two pieces, for whoever comes meanwhile.
  private static let pieceMilliseconds = 2

  /// Nanoseconds between two pieces while commits follow each other without a pause.
  private static let pieceNanosecondsUnderLoad: Int64 = 20_000_000

  /// Works on the store beside commits: every piece has it for itself, as commits have.
  ///
  /// What has not ended when the writer is closed goes no further, and `ended` is not called.
  package func work(
    piece: @escaping @Sendable () throws(LedgerFailure) -> Bool,
    ended: @escaping @Sendable (LedgerFailure?) -> Void
  ) {
    let isFirst = state.withLock { state in
      state.works.append(PiecewiseWork(piece: piece, ended: ended))
      return state.works.count == 1
    }
    if isFirst { thread.async { self.workAtRest() } }
  }

  /// One piece when the store is free, and the next one a little later.
  private func workAtRest() {
    let now = engine.clock.monotonicNanoseconds()
    let (isFree, isOver) = state.withLock { state in
      guard !state.isClosed, !state.works.isEmpty else { return (false, true) }
      guard !state.isBusy, now - state.lastPiece >= 1_000_000 else { return (false, false) }
      state.isBusy = true
      return (true, false)
    }
    if isOver { return }
    if isFree {
      workOnce()
      let isMore = state.withLock { state in
        if state.queue.isEmpty { state.isBusy = false }
        return state.isBusy
      }
      if isMore { drain() }
    }
    thread.asyncAfter(deadline: .now() + .milliseconds(Self.pieceMilliseconds)) {
      self.workAtRest()
    }
  }

  /// Between two commits, so that work goes on where commits never pause; called as the one who has
  /// the store.
  func workBetweenCommits() {
    guard let last = state.withLock({ $0.works.isEmpty ? nil : $0.lastPiece }) else { return }
    let now = engine.clock.monotonicNanoseconds()
    if now - last >= Self.pieceNanosecondsUnderLoad { workOnce() }
  }

  private func workOnce() {
    guard let work = state.withLock({ $0.works.first }) else { return }
    let failure: LedgerFailure?
    var isMore = false
    do throws(LedgerFailure) {
      if let failure = engine.admission.failure { throw failure }
      isMore = try work.piece()
      failure = nil
    } catch {
      if engine.admission.failure == nil { giveUp(error) }
      failure = error
    }
    let now = engine.clock.monotonicNanoseconds()
    state.withLock { state in
      state.lastPiece = now
      if !isMore { state.works.removeFirst() }
    }
    if !isMore { work.ended(failure) }
  }
}
