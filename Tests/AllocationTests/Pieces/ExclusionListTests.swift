import Addressing
import Testing

@testable import Allocation

@Suite struct ExclusionListTests {
  private func list(_ texts: String...) -> ExclusionList {
    var list = ExclusionList()
    for text in texts { CIDR(text).map { list.exclude($0, note: nil) } }
    return list
  }

  private func texts(_ list: ExclusionList) -> [String] {
    list.exclusions.map(\.cidr.description)
  }

  @Test func `a block swallows those inside it, and is swallowed by one around it`() throws {
    #expect(texts(list("10.0.0.0/30", "10.0.0.4/30", "10.0.0.0/24")) == ["10.0.0.0/24"])
    #expect(texts(list("10.0.0.0/24", "10.0.0.4/30")) == ["10.0.0.0/24"])
    #expect(texts(list("10.0.0.0/30", "fd00::/64")) == ["10.0.0.0/30", "fd00::/64"])
  }

  @Test(arguments: [
    ("10.0.0.0/30", []), ("10.0.0.0/24", []), ("10.0.1.0/24", ["10.0.0.0/30"]),
    ("10.0.0.2/32", ["10.0.0.0/31", "10.0.0.3/32"]), ("10.0.0.0/31", ["10.0.0.2/31"]),
  ])
  func `including takes back just that`(_ included: String, _ left: [String]) throws {
    var list = list("10.0.0.0/30")
    list.include(try cidr(included))
    #expect(texts(list) == left)
  }

  @Test func `a part of a wide IPv6 block leaves one block for each bit, and its note`() throws {
    var list = ExclusionList()
    list.exclude(try cidr("fd00::/64"), note: "why")
    list.include(try cidr("fd00::5/128"))
    #expect(list.exclusions.count == 64)
    #expect(list.exclusions.allSatisfy { $0.note == "why" })
    let five = try ip("fd00::5")
    #expect(!list.exclusions.contains { $0.cidr.contains(five) })
    let sum = list.exclusions.reduce(UInt128(0)) { $0 + $1.cidr.lastOffset + 1 }
    #expect(sum == UInt128(UInt64.max))
  }
}
