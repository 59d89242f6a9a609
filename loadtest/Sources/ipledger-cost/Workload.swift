/// The requests that are measured: as those of `ipledger-load --mode pods`, with numbers of eight
/// digits, so that one is made from another by writing digits.
struct Workload {
  /// How many requests make one turn of the loop, one batch and one commit.
  static let turn = 64

  static func node(_ number: Int) -> String { "load-\(10 + number % turn)" }

  static func registerLine(_ number: Int) -> String {
    """
    {"jsonrpc":"2.0","id":\(number),"method":"node.register","params":{"name":"\(node(number))"}}

    """
  }

  /// The pod of a number, and what it is asked for with.
  private(set) var node: [UInt8]
  private(set) var pod: [UInt8]
  private(set) var containerID: [UInt8]
  private(set) var line: [UInt8]
  private let places: [Int]

  init() {
    let digits = "00000000"
    node = Array("load-00".utf8)
    pod = Array("pod-\(digits)".utf8)
    // As many digits as container runtimes give them.
    containerID = Array((String(repeating: "3f9c", count: 14) + digits).utf8)
    var line: [UInt8] = []
    var places: [Int] = []
    func add(_ text: String, placeBefore end: Int? = nil) {
      line.append(contentsOf: text.utf8)
      if let end { places.append(line.count - end) }
    }
    add(#"{"jsonrpc":"2.0","id":1"# + digits, placeBefore: 8)
    add(#","method":"pod.reserve","params":{"node":"load-00"#, placeBefore: 2)
    add(#"","namespace":"default","name":"pod-"# + digits, placeBefore: 8)
    add(#"","containerID":""# + String(decoding: containerID, as: UTF8.self), placeBefore: 8)
    add("\"}}\n")
    self.line = line
    self.places = places
  }

  /// Turns to another pod.
  mutating func number(_ number: Int) {
    let digits = Self.digits(number)
    let nodeDigits = Self.digits(10 + number % Self.turn)
    for index in 0..<8 {
      line[places[0] + index] = digits[index]
      line[places[2] + index] = digits[index]
      line[places[3] + index] = digits[index]
      pod[4 + index] = digits[index]
      containerID[56 + index] = digits[index]
    }
    for index in 0..<2 {
      line[places[1] + index] = nodeDigits[6 + index]
      node[5 + index] = nodeDigits[6 + index]
    }
  }

  private static func digits(_ number: Int) -> InlineArray<8, UInt8> {
    var digits = InlineArray<8, UInt8>(repeating: UInt8(ascii: "0"))
    var rest = number
    var index = 8
    while rest > 0 {
      index -= 1
      digits[index] += UInt8(rest % 10)
      rest /= 10
    }
    return digits
  }
}
