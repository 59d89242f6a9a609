/// A random number generator that a seed repeats (SplitMix64).
///
/// Tests print the seed.
package struct SeededRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  /// A fresh seed, or the one that `IPLEDGER_SEED` asks to repeat.
  package static func seed() -> UInt64 {
    Environment.number("IPLEDGER_SEED").map { UInt64($0) } ?? UInt64.random(in: 1...999_999)
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
