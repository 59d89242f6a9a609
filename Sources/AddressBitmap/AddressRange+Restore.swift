package import Addressing
import Synchronization

// At start, from the ledger: in any order, before anything is claimed.
extension AddressRange {
  /// Marks an address held; false when it is held already, or never handed out, or outside.
  package func restore(_ address: IPAddress) -> Bool {
    guard let offset = cidr.offset(of: address), bitmap.isUsable(offset) else { return false }
    guard bitmap.claim(offset) || takeRest(offset) != nil else { return false }
    reserved.add(1, ordering: .sequentiallyConsistent)
    held.add(1, ordering: .relaxed)
    return true
  }

  /// Marks an address as resting since its release.
  ///
  /// Ignored when it is held, or when nothing rests here. Of two releases the later counts.
  package func restoreResting(_ address: IPAddress, since: Int64) {
    guard quarantine.milliseconds > 0 else { return }
    guard let offset = cidr.offset(of: address), bitmap.isUsable(offset) else { return }
    if bitmap.claim(offset) {
      rest(offset, since: since)
    } else if let earlier = takeRest(offset) {
      if since > earlier.since { rest(offset, since: since) } else { putBack(earlier) }
    }
  }

  /// Where automatic choice goes on: the address that it handed out last.
  package func restoreCursor(_ address: IPAddress) {
    guard let offset = cidr.offset(of: address), offset <= UInt128(UInt64.max) else { return }
    cursor.store(UInt64(offset), ordering: .relaxed)
  }
}
