/// A picture as a PNG file, its pixels stored without compression.
struct PNGImage {
  let width: Int
  let height: Int
  /// Each row starts with the number of its filter, which is 0.
  private var rows: [UInt8]

  init(width: Int, height: Int, fill: RGB) {
    self.width = width
    self.height = height
    let row = [0] + [[UInt8]](repeating: [fill.red, fill.green, fill.blue], count: width).joined()
    rows = Array([[UInt8]](repeating: row, count: height).joined())
  }

  /// Fills a square that lies inside the picture.
  mutating func fill(x left: Int, y top: Int, size: Int, _ colour: RGB) {
    precondition(
      left >= 0 && top >= 0 && left + size <= width && top + size <= height,
      "a square lies inside the picture")
    for y in top..<(top + size) {
      for x in left..<(left + size) {
        let place = y * (3 * width + 1) + 1 + 3 * x
        rows[place] = colour.red
        rows[place + 1] = colour.green
        rows[place + 2] = colour.blue
      }
    }
  }

  /// The file.
  var bytes: [UInt8] {
    // 8 bits a channel, RGB, not interlaced.
    let header = Self.bigEndian(UInt32(width)) + Self.bigEndian(UInt32(height)) + [8, 2, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + Self.chunk("IHDR", header) + Self.chunk("IDAT", Self.stored(rows)) + Self.chunk("IEND", [])
  }

  /// zlib's format with stored blocks, each of at most 65,535 bytes.
  private static func stored(_ data: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    var start = 0
    repeat {
      let end = min(start + 65_535, data.count)
      let length = UInt16(end - start)
      stream.append(end == data.count ? 1 : 0)
      for number in [length, ~length] {
        stream += [UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)]
      }
      stream += data[start..<end]
      start = end
    } while start < data.count
    return stream + bigEndian(adler(data))
  }

  private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return bigEndian(UInt32(data.count)) + body + bigEndian(crc(body))
  }

  private static func bigEndian(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  private static func adler(_ data: [UInt8]) -> UInt32 {
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in data {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return high << 16 | low
  }

  private static let crcTable: [UInt32] = (0..<256).map { start in
    (0..<8).reduce(UInt32(start)) { value, _ in
      value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
    }
  }

  private static func crc(_ data: [UInt8]) -> UInt32 {
    ~data.reduce(UInt32.max) { crcTable[Int(($0 ^ UInt32($1)) & 0xFF)] ^ ($0 >> 8) }
  }
}
