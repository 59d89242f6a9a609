import Addressing
import LineProtocol

/// The params that `json` makes, read from a line in which they do not stand first.
func read<Params: MethodParams>(
  _ type: Params.Type = Params.self, _ json: String, limits: ProtocolLimits = ProtocolLimits()
) throws(ErrorReply) -> Params {
  let line = line(json)
  return try Params(line: line.span, object: place(in: line), limits: limits)
}

/// What is wrong with `json`: `field Reason` for each cause, in the order found.
func causes<Params: MethodParams>(
  _ type: Params.Type, _ json: String, limits: ProtocolLimits = ProtocolLimits()
) -> [String] {
  do throws(ErrorReply) {
    _ = try read(type, json, limits: limits)
    return []
  } catch {
    return error.causes.map { "\($0.field) \($0.reason.rawValue)" }
  }
}

/// A request line with these params; a newline in `json` is a space, as a line has none.
func line(_ json: String) -> [UInt8] {
  let request = #"{"id":1,"params":\#(json)}"#
  return request.utf8.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
}

/// Where the params stand in such a line.
func place(in line: [UInt8]) -> Range<Int> {
  17..<line.count - 1
}

/// The text of a range of `line`, without its escapes.
func string(_ text: JSONText?, in line: [UInt8]) -> String? {
  guard let text else { return nil }
  var bytes: [UInt8] = []
  text.append(to: &bytes, from: line.span)
  return String(decoding: bytes, as: UTF8.self)
}

func address(_ text: String) throws -> IPAddress {
  try IPAddress(parsing: Array(text.utf8).span)
}

func cidr(_ text: String) throws -> CIDR {
  try CIDR(parsing: Array(text.utf8).span)
}
