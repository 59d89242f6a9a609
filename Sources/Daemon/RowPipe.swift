import AddressBitmap
import Allocation
import Dispatch

/// Carries rows from the thread that reads the ledger to the one that rebuilds the engine.
///
/// A start uses two processors so. Memory is bounded: the reader waits when it is far ahead.
final class RowPipe<Row: Sendable>: Sendable {
  private struct State {
    var chunks: [[Row]] = []
    var end: Result<Void, LedgerFailure>?
  }

  private let state = Locked(State())
  private let room = DispatchSemaphore(value: 16)
  private let filled = DispatchSemaphore(value: 0)

  /// Hands each row to its argument.
  typealias Reading =
    @Sendable ((Row) throws(LedgerFailure) -> Void) throws(LedgerFailure) -> Void

  private static var rowsOfChunk: Int { 512 }

  /// Runs `read` on a thread of its own and gives its rows to `body`, in order, on this one.
  static func run(
    reading read: @escaping Reading, to body: (Row) -> Void
  ) throws(LedgerFailure) {
    let pipe = RowPipe()
    DispatchQueue.global(qos: .userInitiated).async { pipe.fill(read) }
    try pipe.drain(body)
  }

  private func fill(_ read: Reading) {
    var chunk: [Row] = []
    let end: Result<Void, LedgerFailure>
    do throws(LedgerFailure) {
      try read { row throws(LedgerFailure) in
        chunk.append(row)
        guard chunk.count == Self.rowsOfChunk else { return }
        send(chunk, end: nil)
        chunk.removeAll(keepingCapacity: true)
      }
      end = .success(())
    } catch {
      end = .failure(error)
    }
    send(chunk, end: end)
  }

  private func send(_ chunk: [Row], end: Result<Void, LedgerFailure>?) {
    room.wait()
    state.withLock { state in
      state.chunks.append(chunk)
      state.end = end
    }
    filled.signal()
  }

  private func drain(_ body: (Row) -> Void) throws(LedgerFailure) {
    while true {
      filled.wait()
      let (chunk, end) = state.withLock { state in
        let chunk = state.chunks.removeFirst()
        return (chunk, state.chunks.isEmpty ? state.end : nil)
      }
      room.signal()
      for row in chunk { body(row) }
      if let end { return try end.get() }
    }
  }
}
