import FaultKit
import Foundation

/// Many power cuts of one recording, and which of them broke a promise.
struct Survey {
  /// A state that broke a promise, with what it takes to build it again.
  struct Finding: CustomStringConvertible {
    var seed: UInt64
    var state: Int
    var cut: Int
    var broken: [String]

    var description: String {
      "seed \(seed), state \(state), cut before event \(cut): \(broken[0])"
        + (broken.count > 1 ? " (and \(broken.count - 1) more)" : "")
    }
  }

  let states: Int
  private(set) var findings: [Finding] = []

  /// Promises that the states were held to, all in all: with none a survey proves nothing.
  private(set) var acknowledged = 0

  /// - Parameter diskLies: syncs are believed to have done nothing.
  init(_ recording: Recording, states: Int, seed: UInt64, diskLies: Bool = false) throws {
    self.states = states
    var random = SeededRandom(seed: seed)
    let folder = try StateFolder()
    var disk = Disk(lies: diskLies)
    var promises = Promises()
    var done = 0
    for (state, cut) in recording.cuts(states, using: &random).enumerated() {
      for event in recording.events[done..<cut] {
        try disk.apply(event)
        try promises.apply(event)
      }
      done = cut
      acknowledged += promises.owners.values.count { $0.addresses != nil }
      let broken = try Self.broken(promises, by: disk, seed: random.next(), in: folder)
      guard !broken.isEmpty else { continue }
      findings.append(Finding(seed: seed, state: state, cut: cut, broken: broken))
    }
  }

  /// Leaves the files as the power cut does, and opens what is left.
  private static func broken(
    _ promises: Promises, by disk: Disk, seed: UInt64, in folder: StateFolder
  ) throws -> [String] {
    var powerCut = PowerCut(seed: seed)
    try folder.hold(
      disk.named.map { path, file in
        (URL(fileURLWithPath: path).lastPathComponent, powerCut.remains(of: file))
      })
    do {
      return promises.broken(by: try RecoveredLedger(at: folder.file("ledger.db")))
    } catch {
      return ["the ledger does not open: \(error)"]
    }
  }
}
