/// A colour.
struct RGB: Equatable {
  let red: UInt8
  let green: UInt8
  let blue: UInt8

  static let white = RGB(red: 255, green: 255, blue: 255)
  /// Words.
  static let ink = RGB(red: 36, green: 41, blue: 47)
  static let free = RGB(red: 230, green: 234, blue: 239)

  init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// Told apart by those who see red and green alike, too.
  init(_ mark: AddressMap.Mark) {
    switch mark {
    case .used: self.init(red: 0, green: 114, blue: 178)
    case .resting: self.init(red: 230, green: 159, blue: 0)
    case .excluded: self.init(red: 204, green: 51, blue: 17)
    case .never: self.init(red: 120, green: 126, blue: 134)
    }
  }

  /// `share` of the other, from 0 to 1.
  func mixed(with other: RGB, _ share: Double) -> RGB {
    func mix(_ one: UInt8, _ two: UInt8) -> UInt8 {
      UInt8(clamping: Int((Double(one) + (Double(two) - Double(one)) * share).rounded()))
    }
    return RGB(
      red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
  }

  var hex: String {
    let value = 0x1000000 | Int(red) << 16 | Int(green) << 8 | Int(blue)
    return "#" + String(value, radix: 16).dropFirst()
  }
}
