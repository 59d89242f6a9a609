import Synchronization
import Testing

@testable import AddressBitmap

@Suite struct UniqueBufferTests {
  /// Counts how many of it are there.
  private final class Census: Sendable {
    let living = Atomic(0)
    var count: Int { living.load(ordering: .sequentiallyConsistent) }
  }

  private struct Item: ~Copyable {
    let number: Int
    let census: Census

    init(_ number: Int, _ census: Census) {
      self.number = number
      self.census = census
      census.living.add(1, ordering: .sequentiallyConsistent)
    }

    deinit { census.living.subtract(1, ordering: .sequentiallyConsistent) }
  }

  private func filled(_ count: Int, _ census: Census) -> UniqueBuffer<Item> {
    var buffer = UniqueBuffer<Item>()
    for number in 0..<count { buffer.append(Item(number, census)) }
    return buffer
  }

  private func numbers(_ buffer: borrowing UniqueBuffer<Item>) -> [Int] {
    var numbers: [Int] = []
    for index in buffer.indices { numbers.append(buffer[index].number) }
    return numbers
  }

  @Test(arguments: [0, 1, 7, 8, 9, 1_000])
  func `elements stay in their order through any growth, and go with the buffer`(_ count: Int) {
    let census = Census()
    do {
      let buffer = filled(count, census)
      #expect(numbers(buffer) == Array(0..<count))
      #expect(census.count == count)
    }
    #expect(census.count == 0)
  }

  @Test(arguments: 0..<5)
  func `an element that is removed leaves no gap`(_ index: Int) {
    let census = Census()
    var buffer = filled(5, census)
    let removed = buffer.remove(at: index).number
    #expect(removed == index)
    #expect(numbers(buffer) == (0..<5).filter { $0 != index })
    #expect(census.count == 4)
  }

  @Test(arguments: [false, true])
  func `an emptied buffer serves again`(_ keepingCapacity: Bool) {
    let census = Census()
    var buffer = filled(20, census)
    buffer.removeAll(keepingCapacity: keepingCapacity)
    let isEmpty = buffer.isEmpty
    #expect(isEmpty)
    #expect(census.count == 0)
    buffer.append(Item(7, census))
    let last = buffer.removeLast().number
    #expect(last == 7)
    #expect(census.count == 0)
  }
}
