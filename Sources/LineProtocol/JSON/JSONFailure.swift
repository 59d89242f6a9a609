/// Why a line is not JSON.
package enum JSONFault: Sendable, Hashable, CaseIterable {
  case unexpectedEnd
  case unexpectedByte
  case textAfterValue
  case byteOrderMark
  case invalidUTF8
  case loneSurrogate
  case badEscape
  case controlCharacter
  case badNumber
  case duplicateKey

  /// What is wrong, as the end of a sentence that starts with where.
  package var message: String {
    switch self {
    case .unexpectedEnd: "the line ends too early"
    case .unexpectedByte: "something else was expected here"
    case .textAfterValue: "nothing may follow the value"
    case .byteOrderMark: "a byte-order mark is not allowed"
    case .invalidUTF8: "this is not UTF-8"
    case .loneSurrogate: "half a surrogate pair is no character"
    case .badEscape: "there is no such escape"
    case .controlCharacter: "control characters in strings are written as escapes"
    case .badNumber: "this is not how JSON writes a number"
    case .duplicateKey: "the object has this key already"
    }
  }
}

/// Where a line stops being JSON, and why.
package struct JSONFailure: Error, Sendable, Hashable {
  package let fault: JSONFault

  /// The byte in the line, from 0; the line's length when it ends too early.
  package let offset: Int

  /// Whether the nesting had passed its limit before.
  package let isTooDeep: Bool

  package init(fault: JSONFault, offset: Int, isTooDeep: Bool) {
    self.fault = fault
    self.offset = offset
    self.isTooDeep = isTooDeep
  }
}
