import AddressBitmap
package import Allocation
import Dispatch

/// Readings of the ledger beside its writer: one after the other, on a thread of their own.
///
/// `@unchecked Sendable`: `reader` is used on `queue` alone; the rest is immutable or locked.
package final class LedgerReadings: @unchecked Sendable {
  private let path: String
  private let queue = DispatchQueue(label: "readings")
  private let waiting = Locked(0)
  private var reader: LedgerReader?

  /// Readings that may wait at once.
  private static let mostWaiting = 1_024

  package init(_ ledger: SQLiteLedger) { path = ledger.path }

  /// Runs `reading` with a reader, later and elsewhere; false when too many wait.
  ///
  /// It gets the reason instead when the ledger cannot be opened for reading.
  package func perform(
    _ reading: @escaping @Sendable (borrowing LedgerReader) -> Void,
    orFail failed: @escaping @Sendable (LedgerFailure) -> Void
  ) -> Bool {
    let isTaken = waiting.withLock { waiting in
      guard waiting < Self.mostWaiting else { return false }
      waiting += 1
      return true
    }
    guard isTaken else { return false }
    queue.async {
      self.waiting.withLock { $0 -= 1 }
      do throws(LedgerFault) {
        if self.reader == nil { self.reader = try LedgerReader(path: self.path) }
      } catch {
        return failed(error.failure)
      }
      self.run(reading)
    }
    return true
  }

  private func run(_ reading: (borrowing LedgerReader) -> Void) {
    guard let lent = reader.take() else { return }
    reading(lent)
    reader = consume lent
  }

  /// Waits for what runs and closes the file: before the ledger itself is closed.
  package func close() {
    queue.sync { reader = nil }
  }
}
