/// What a line says about the request that it answers: found by bytes, without reading JSON.
///
/// The names in a load's own requests hold none of the words looked for, so a word found is the
/// member that it looks like.
struct Answer {
  /// The request's id; nil when the line has none that is a number.
  let slot: Int?
  let isError: Bool

  init(_ line: Range<Int>, in region: borrowing ByteRegion) {
    // Where a server that writes the version first has its id; any other order is searched for.
    let usual = line.lowerBound + 17
    let start =
      region.stands("\"id\":", at: usual, in: line)
      ? usual + 5 : region.position(after: "\"id\":", in: line)
    guard let start, let id = region.number(at: start, in: line) else {
      slot = nil
      isError = true
      return
    }
    slot = id.value
    isError =
      !region.stands(",\"result\"", at: id.end, in: line)
      && region.position(after: "\"error\":", in: line) != nil
  }

  /// The stable name of an error, for counting.
  static func reason(_ line: Range<Int>, in region: borrowing ByteRegion) -> String {
    let data = region.position(after: "\"data\":", in: line) ?? line.lowerBound
    let rest = data..<line.upperBound
    guard let start = region.position(after: "\"reason\":\"", in: rest) else { return "unnamed" }
    let end = region.position(after: "\"", in: start..<line.upperBound) ?? line.upperBound + 1
    return region.text(start..<(end - 1))
  }
}
