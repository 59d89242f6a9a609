import Addressing
import LineProtocol

/// Reading request lines, and writing answers.
enum CodecWork {
  /// From the line to its params.
  static func decode(_ count: Int) throws -> Int {
    var workload = Workload()
    let limits = ProtocolLimits()
    var bytes = 0
    for number in 0..<count {
      workload.number(number)
      let line = workload.line.span
      guard case .request(let head) = try RequestLine.read(line: line, limits: limits) else {
        continue
      }
      let params = try PodReserveParams(line: line, object: head.params, limits: limits)
      bytes += params.owner.name.range.count
    }
    return bytes
  }

  /// A turn's answers into one buffer, again and again.
  static func encode(_ count: Int) -> Int {
    let node = Array("load-12".utf8)
    let first = IPAddress(family: .ipv4, value: 0x0A00_0000)
    let second = IPAddress(family: .ipv6, value: 0xFD00_0010_0244_0012 << 64)
    let gateways = (IPAddress(family: .ipv4, value: 0x0A00_0001), second)
    var writer = JSONWriter()
    var bytes = 0
    for number in 0..<count {
      let offset = UInt128(number % 16_000)
      let result = PodReserveResult(
        first: PodAddress(
          ip: IPAddress(family: .ipv4, value: first.value + offset), prefixLength: 18,
          gateway: gateways.0),
        second: PodAddress(
          ip: IPAddress(family: .ipv6, value: second.value + offset), prefixLength: 64,
          gateway: gateways.1),
        existing: false, revision: UInt64(100_000 + number))
      result.appendAnswer(to: &writer, id: .int(Int64(number)), node: node.span)
      writer.newline()
      guard number % Workload.turn == Workload.turn - 1 else { continue }
      bytes += writer.bytes.count
      writer.removeAll(keepingCapacity: true)
    }
    return bytes
  }
}
