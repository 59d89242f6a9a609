/// What stands on one line.
package enum LineContent: Sendable, Hashable {
  /// Nothing: the line is to be ignored.
  case blank

  /// One request, at this range of the line.
  case request(Range<Int>)
  case batch(RequestBatch)

  /// Checks that `line`, which comes without its newline, is JSON, and says what it holds.
  ///
  /// Whether a request is one is for `RequestHead` to say.
  package static func read(
    line: Span<UInt8>, limits: ProtocolLimits
  ) throws(RequestRefusal) -> LineContent {
    var members = OutermostMembers()
    return try read(line: line, limits: limits, members: &members)
  }

  /// The same, and where the members of one request are.
  @inline(__always)
  static func read(
    line: Span<UInt8>, limits: ProtocolLimits, members: inout OutermostMembers
  ) throws(RequestRefusal) -> LineContent {
    let outline: JSONOutline
    do throws(JSONFailure) {
      outline = try JSONChecker.check(line, mostDepth: limits.depth, members: &members)
    } catch {
      let reply =
        error.isTooDeep ? tooDeep(limits) : .parseError(error.fault, offset: error.offset)
      throw RequestRefusal(reply, id: .null)
    }
    guard !outline.value.isEmpty else { return .blank }
    guard !outline.isTooDeep else {
      let id = RequestHead.validID(line, at: outline.value)
      throw RequestRefusal(tooDeep(limits), id: id ?? .null)
    }
    guard line[outline.value.lowerBound] == UInt8(ascii: "[") else {
      return .request(outline.value)
    }
    guard outline.elements > 0 else {
      throw RequestRefusal(.invalidRequest("a batch has one request at least"), id: .null)
    }
    guard outline.elements <= limits.batch else {
      let message = "a batch has at most \(limits.batch) requests, not \(outline.elements)"
      throw RequestRefusal(.invalidRequest(message), id: .null)
    }
    return .batch(RequestBatch(start: outline.value.lowerBound + 1, count: outline.elements))
  }

  private static func tooDeep(_ limits: ProtocolLimits) -> ErrorReply {
    .invalidRequest("a line is nested at most \(limits.depth) deep")
  }
}

/// A line, read up to where its requests' params stand.
package enum RequestLine: Sendable {
  /// Nothing: the line is to be ignored.
  case blank
  case request(RequestHead)
  case batch(RequestBatch)

  /// Reads what `LineContent` and `RequestHead` do, in one pass where it is one request.
  package static func read(
    line: Span<UInt8>, limits: ProtocolLimits
  ) throws(RequestRefusal) -> RequestLine {
    var members = OutermostMembers()
    switch try LineContent.read(line: line, limits: limits, members: &members) {
    case .blank: return .blank
    case .request(let range): return .request(try RequestHead(line, at: range, members))
    case .batch(let requests): return .batch(requests)
    }
  }
}

/// The requests of a batch, found one after the other: a value that remembers how far it got, and
/// so may be put aside as long as its line stays.
package struct RequestBatch: Sendable, Hashable {
  /// Where the next element starts, or what stands between.
  private var position: Int

  /// How many requests are left.
  package private(set) var count: Int

  init(start: Int, count: Int) {
    position = start
    self.count = count
  }

  /// Where the next request stands in `line`, which is the one that the batch was read from; nil
  /// after the last one.
  package mutating func next(in line: Span<UInt8>) -> Range<Int>? {
    guard count > 0 else { return nil }
    var reader = JSONReader(line, at: position)
    guard reader.nextElement() else { return nil }
    let start = reader.position
    reader.skip()
    position = reader.position
    count -= 1
    return start..<position
  }
}
