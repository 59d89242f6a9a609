internal import Addressing

/// A request without its params: whom to answer, what to do, and where the params stand.
package struct RequestHead: Sendable, Hashable {
  /// Nil for a notification: it is executed and not answered.
  package let id: RequestID?
  package let method: Method

  /// Where the params object stands in the line; nil when there is none.
  package let params: Range<Int>?

  /// One call of a transaction: its answer is part of another one.
  package init(method: Method, params: Range<Int>?) {
    id = .null
    self.method = method
    self.params = params
  }

  /// Reads the request at `range` of a checked line.
  ///
  /// A value that is no valid request is refused even when it has no ID. An unknown method and
  /// params of the wrong kind are the fault of a valid request, and so not told to a notification.
  package init(_ line: Span<UInt8>, at range: Range<Int>) throws(RequestRefusal) {
    var members = Members()
    members.read(line, at: range)
    try self.init(members, in: line)
  }

  /// The same for a line that is one request, whose members have been found already.
  init(
    _ line: Span<UInt8>, at range: Range<Int>, _ places: borrowing OutermostMembers
  ) throws(RequestRefusal) {
    var members = Members()
    if places.count > 0, places.areComplete {
      members.read(line, places)
    } else {
      members.read(line, at: range)
    }
    try self.init(members, in: line)
  }

  @inline(__always)
  private init(_ members: Members, in line: Span<UInt8>) throws(RequestRefusal) {
    if let finding = members.finding {
      throw RequestRefusal(.invalidRequest(finding), id: members.id ?? .null)
    }
    id = members.id
    guard let name = members.method else {
      throw RequestRefusal(.invalidRequest("a request names its method"), id: id ?? .null)
    }
    guard let method = Self.method(name, in: line) else {
      throw RequestRefusal(Self.unknown(name, in: line), id: id)
    }
    guard members.areParamsValid else {
      let cause = Cause("params", .invalid, "params are an object, with members by name")
      throw RequestRefusal(.invalidParams([cause]), id: id)
    }
    self.method = method
    params = members.params
  }

  /// The ID of the request at `range`, whatever else is wrong with that; nil without a valid one.
  static func validID(_ line: Span<UInt8>, at range: Range<Int>) -> RequestID? {
    var members = Members()
    members.read(line, at: range)
    return members.id
  }

  private static func method(_ name: JSONText, in line: Span<UInt8>) -> Method? {
    guard name.isEscaped else { return Method(line, name.range) }
    var bytes: [UInt8] = []
    name.append(to: &bytes, from: line)
    return Method(bytes.span)
  }

  private static func unknown(_ name: JSONText, in line: Span<UInt8>) -> ErrorReply {
    var bytes: [UInt8] = []
    name.append(to: &bytes, from: line)
    return .methodNotFound(
      String(decoding: bytes, as: UTF8.self), near: Method.near(bytes.span))
  }
}

extension RequestHead {
  /// The members while they are read.
  private struct Members {
    var id: RequestID?
    var method: JSONText?
    var params: Range<Int>?
    var areParamsValid = true

    /// The first thing that makes this no request.
    var finding: String?

    /// What a member is, by its name.
    private enum Name {
      case id, method, params, version, unknown

      /// Names of a request are no longer than a word.
      @inline(__always)
      init(_ name: JSONText, in line: Span<UInt8>) {
        guard !name.isEscaped, name.range.count <= 8 else {
          self = Self.rare(name, in: line)
          return
        }
        self.init(line.word(at: name.range.lowerBound, count: name.range.count))
      }

      @inline(__always)
      private init(_ word: UInt64) {
        switch word {
        case Self.word("id"): self = .id
        case Self.word("method"): self = .method
        case Self.word("params"): self = .params
        case Self.word("jsonrpc"): self = .version
        default: self = .unknown
        }
      }

      @inline(never)
      private static func rare(_ name: JSONText, in line: Span<UInt8>) -> Name {
        var bytes: [UInt8] = []
        name.append(to: &bytes, from: line)
        guard bytes.count <= 8, bytes.last != 0 else { return .unknown }
        return Name(bytes.span.word(at: 0, count: bytes.count))
      }

      /// The bytes of a name as a word, the first one lowest: it tells names apart that do not end
      /// in a zero, which JSON spells as an escape only.
      @inline(__always)
      private static func word(_ name: StaticString) -> UInt64 {
        var word: UInt64 = 0
        for index in 0..<name.utf8CodeUnitCount {
          // The pointer is that of a literal, which lives for ever, and is read inside its count.
          word |= unsafe UInt64(name.utf8Start[index]) &<< UInt64(8 &* index)
        }
        return word
      }
    }

    /// Reads members whose places are known.
    @inline(__always)
    mutating func read(_ line: Span<UInt8>, _ places: borrowing OutermostMembers) {
      for index in 0..<places.count {
        let place = places[index]
        let isString = line.byte(at: place.start) == UInt8(ascii: "\"")
        switch Name(place.name, in: line) {
        case .params:
          areParamsValid = line.byte(at: place.start) == UInt8(ascii: "{")
          params = place.start..<place.end
        case .method where isString: method = place.text
        case .version where isString && !place.isEscaped:
          if !Self.isVersion(place.text, in: line) { find(Self.badVersion) }
        case .id:
          var reader = JSONReader(line, at: place.start)
          readID(&reader, in: line)
        case .method, .version, .unknown:
          var reader = JSONReader(line, at: place.start)
          readMember(place.name, &reader, in: line)
        }
      }
    }

    mutating func read(_ line: Span<UInt8>, at range: Range<Int>) {
      var reader = JSONReader(line, at: range.lowerBound)
      guard reader.kind == .object else {
        finding = "a request is an object"
        return
      }
      reader.enter()
      while let key = reader.nextKey() { readMember(key, &reader, in: line) }
    }

    @inline(never)
    private mutating func readMember(
      _ key: JSONText, _ reader: inout JSONReader, in line: Span<UInt8>
    ) {
      switch Name(key, in: line) {
      case .params: readParams(&reader)
      case .method: readMethod(&reader)
      case .id: readID(&reader, in: line)
      case .version: readVersion(&reader, in: line)
      case .unknown:
        reader.skip()
        find("a request has jsonrpc, id, method and params, and no other members")
      }
    }

    private mutating func readID(_ reader: inout JSONReader, in line: Span<UInt8>) {
      id = RequestID(&reader, in: line)
      if id == nil { find("an id is a string, an integer of 64 bits, or null") }
    }

    private mutating func readParams(_ reader: inout JSONReader) {
      areParamsValid = reader.kind == .object
      let start = reader.position
      reader.skip()
      params = start..<reader.position
    }

    private mutating func readMethod(_ reader: inout JSONReader) {
      guard reader.kind == .string else {
        reader.skip()
        return find("a method is a string")
      }
      method = reader.text()
    }

    private mutating func readVersion(_ reader: inout JSONReader, in line: Span<UInt8>) {
      guard reader.kind == .string else {
        reader.skip()
        return find(Self.badVersion)
      }
      if !Self.isVersion(reader.text(), in: line) { find(Self.badVersion) }
    }

    private static let badVersion = "jsonrpc is \"2.0\""

    @inline(__always)
    private static func isVersion(_ text: JSONText, in line: Span<UInt8>) -> Bool {
      guard text.isEscaped else {
        // "2.0" as a word, its first byte lowest.
        return text.range.count == 3
          && line.word(at: text.range.lowerBound, count: 3) == 0x30_2E32
      }
      var bytes: [UInt8] = []
      text.append(to: &bytes, from: line)
      return bytes == Array("2.0".utf8)
    }

    private mutating func find(_ finding: String) {
      if self.finding == nil { self.finding = finding }
    }
  }
}
