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
    guard name.isEscaped else { return Method(line.extracting(name.range)) }
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

    private static let idName = PackedName("id")
    private static let methodName = PackedName("method")
    private static let paramsName = PackedName("params")
    private static let versionName = PackedName("jsonrpc")
    private static let version = PackedName("2.0")

    mutating func read(_ line: Span<UInt8>, at range: Range<Int>) {
      var reader = JSONReader(line, at: range.lowerBound)
      guard reader.kind == .object else {
        finding = "a request is an object"
        return
      }
      reader.enter()
      while let key = reader.nextKey() {
        let name = Self.packed(key, in: line)
        if name == Self.paramsName {
          readParams(&reader)
        } else if name == Self.methodName {
          readMethod(&reader)
        } else if name == Self.idName {
          id = RequestID(&reader, in: line)
          if id == nil { find("an id is a string, an integer of 64 bits, or null") }
        } else if name == Self.versionName {
          readVersion(&reader, in: line)
        } else {
          reader.skip()
          find("a request has jsonrpc, id, method and params, and no other members")
        }
      }
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
        return find("jsonrpc is \"2.0\"")
      }
      if Self.packed(reader.text(), in: line) != Self.version { find("jsonrpc is \"2.0\"") }
    }

    private mutating func find(_ finding: String) {
      if self.finding == nil { self.finding = finding }
    }

    private static func packed(_ text: JSONText, in line: Span<UInt8>) -> PackedName? {
      guard text.isEscaped else { return PackedName(line, text.range) }
      var bytes: [UInt8] = []
      text.append(to: &bytes, from: line)
      return PackedName(bytes.span)
    }
  }
}
