import AddressBitmap
import Addressing
import Allocation
import LineProtocol

extension RangeItem {
  /// - Parameter revision: nil where the answer around it has one.
  init(_ range: RangeStatus, revision: UInt64?) {
    self.init(
      name: range.name, purpose: .pod, cidr: range.cidr, unit: .address,
      counts: Counts(
        capacity: range.capacity, reserved: range.reserved, free: range.free,
        excluded: range.excluded, quarantined: range.quarantined),
      state: range.isDraining ? .draining : .active, revision: revision)
    switch range.subject {
    case .service(let addresses):
      purpose = .service
      staticBand = Band(addresses.staticBand)
      dynamicBand = Band(addresses.dynamicBand)
    case .loadBalancer: purpose = .loadBalancer
    case .pool: purpose = .pool
    case .cluster: unit = .block
    case .node(_, let name): node = String(decoding: name, as: UTF8.self)
    }
  }
}

extension RangeItem.Band {
  fileprivate init?(_ band: (first: IPAddress, last: IPAddress, reserved: Int)?) {
    guard let band else { return nil }
    self.init(first: band.first, last: band.last, reserved: UInt128(band.reserved))
  }
}
