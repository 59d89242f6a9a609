package import Addressing
import Synchronization

// The bands of a Service range (semantics §8.3): preferences, not walls.
extension AddressRange {
  /// The first usable addresses, which automatic choice takes last; nil for pods, and when the
  /// range is too small for a band.
  package var staticBand: (first: IPAddress, last: IPAddress, reserved: Int)? {
    guard let band = bands?.staticBand else { return nil }
    return (
      cidr.address(at: band.lowerBound), cidr.address(at: band.upperBound), reservedCount(in: band)
    )
  }

  /// The addresses that automatic choice takes first; nil for pods, and when there is none.
  package var dynamicBand: (first: IPAddress, last: IPAddress, reserved: Int)? {
    guard let bands, let band = bands.dynamicBand else { return nil }
    let elsewhere = bands.staticBand.map(reservedCount(in:)) ?? 0
    return (
      cidr.address(at: band.lowerBound), cidr.address(at: band.upperBound),
      max(0, reservedCount - elsewhere)
    )
  }

  typealias Bands = (staticBand: ClosedRange<UInt128>?, dynamicBand: ClosedRange<UInt128>?)

  func bands(of usable: ClosedRange<UInt128>, staticBandSize: Int) -> Bands {
    guard staticBandSize > 0 else { return (nil, usable) }
    let lastStatic = usable.lowerBound + UInt128(staticBandSize) - 1
    guard lastStatic < usable.upperBound else { return (usable, nil) }
    return (usable.lowerBound...lastStatic, (lastStatic + 1)...usable.upperBound)
  }

  private var bands: Bands? {
    guard case .service(let size) = use, let usable = bitmap.usable else { return nil }
    return bands(of: usable, staticBandSize: size)
  }

  /// The static band is small, and in Services nothing rests: its bits are the reserved ones.
  private func reservedCount(in band: ClosedRange<UInt128>) -> Int {
    bitmap.count(from: band.lowerBound, through: band.upperBound)
  }
}
