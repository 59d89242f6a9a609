import Allocation
import Dispatch
import Foundation

/// The kernel's clocks.
struct SystemClock: LedgerClock {
  func wallMilliseconds() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }

  func monotonicNanoseconds() -> Int64 { Int64(DispatchTime.now().uptimeNanoseconds) }
}
