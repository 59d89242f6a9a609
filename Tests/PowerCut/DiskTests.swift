import Testing

/// The model of the disk is held to what it claims, without a daemon.
@Suite struct DiskTests {
  private static let path = "/f"

  private func disk(_ events: [RecordedEvent], lies: Bool = false) throws -> Disk {
    var disk = Disk(lies: lies)
    try disk.apply(.start)
    try disk.apply(.open(file: 1, path: Self.path, truncates: false))
    for event in events { try disk.apply(event) }
    return disk
  }

  private func write(_ byte: UInt8, at offset: Int, count: Int = 4) -> RecordedEvent {
    .write(file: 1, offset: offset, bytes: ArraySlice(repeating: byte, count: count))
  }

  /// All that a number of power cuts leave of the file.
  private func remains(of disk: Disk, cuts: Int = 300) -> Set<[UInt8]> {
    var left: Set<[UInt8]> = []
    for seed in 1...UInt64(cuts) {
      var powerCut = PowerCut(seed: seed)
      for (_, file) in disk.named { left.insert(powerCut.remains(of: file)) }
    }
    return left
  }

  @Test func `a completed sync keeps what was written before it began`() throws {
    let disk = try disk([
      write(1, at: 0), .syncBegan(file: 1, token: 7), .syncEnded(file: 1, token: 7),
    ])
    #expect(remains(of: disk) == [[1, 1, 1, 1]])
  }

  @Test func `a write during a sync is not covered by it`() throws {
    let disk = try disk([
      write(1, at: 0), .syncBegan(file: 1, token: 7), write(2, at: 4),
      .syncEnded(file: 1, token: 7),
    ])
    let left = remains(of: disk)
    #expect(left.contains([1, 1, 1, 1]))
    #expect(left.contains([1, 1, 1, 1, 2, 2, 2, 2]))
    #expect(left.allSatisfy { $0.prefix(4) == [1, 1, 1, 1] })
  }

  @Test func `a sync that has not ended keeps nothing`() throws {
    let disk = try disk([write(1, at: 0), .syncBegan(file: 1, token: 7)])
    #expect(remains(of: disk).contains([]))
  }

  @Test func `a disk that lies keeps nothing`() throws {
    let disk = try disk(
      [write(1, at: 0), .syncBegan(file: 1, token: 7), .syncEnded(file: 1, token: 7)], lies: true)
    #expect(remains(of: disk).contains([]))
  }

  @Test func `of two unsynced writes the later one may be there alone`() throws {
    let disk = try disk([write(1, at: 0), write(2, at: 4)])
    let left = remains(of: disk)
    #expect(left.isSuperset(of: [[], [1, 1, 1, 1], [0, 0, 0, 0, 2, 2, 2, 2]]))
  }

  @Test func `a write is torn at sectors and nowhere else`() throws {
    let disk = try disk([write(1, at: 500, count: 524)])
    let left = remains(of: disk).filter { $0.count == 1_024 }
    #expect(left.contains { $0[500..<512].allSatisfy { $0 == 1 } && $0[512...].contains(0) })
    #expect(left.contains { $0[500..<512].allSatisfy { $0 == 0 } && $0[512...].contains(1) })
    #expect(left.allSatisfy { $0[..<500].allSatisfy { $0 == 0 } })
  }

  @Test func `an unsynced truncation may have happened or not`() throws {
    let disk = try disk([
      write(1, at: 0), .syncBegan(file: 1, token: 7), .syncEnded(file: 1, token: 7),
      .truncate(file: 1, size: 2),
    ])
    #expect(remains(of: disk) == [[1, 1], [1, 1, 1, 1]])
  }

  @Test func `a file keeps its content under a new name, and a new one begins empty`() throws {
    let disk = try disk([
      write(1, at: 0), .syncBegan(file: 1, token: 7), .syncEnded(file: 1, token: 7),
      .rename(from: Self.path, to: "/g"), .open(file: 2, path: Self.path, truncates: false),
    ])
    #expect(disk.named.map(\.path) == [Self.path, "/g"])
    #expect(disk.named.map(\.file.durable) == [[], [1, 1, 1, 1]])
  }

  @Test func `a number that no file was opened under is refused`() throws {
    #expect(throws: RecordingFailure.self) { try disk([.truncate(file: 9, size: 0)]) }
  }
}
