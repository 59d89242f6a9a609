/// What `top` shows now, and what keys do to it.
struct TopState: Sendable {
  /// By what the ranges are ordered.
  enum Order: String, Sendable, CaseIterable {
    case fill, free, name
    case forecast = "full in"
  }

  enum Outcome: Sendable, Hashable {
    case redraw, quit, suspend, none
  }

  private(set) var order = Order.fill
  private(set) var isReversed = false
  private(set) var isPaused = false
  private(set) var sample: TopSample?
  private(set) var rates: TopSample.Counters?

  /// Why there is no newer sample.
  private(set) var failure: String?

  mutating func press(_ key: Key) -> Outcome {
    switch key {
    case .character("q"), .control("c"), .control("d"): return .quit
    case .control("z"): return .suspend
    case .character("s"):
      let all = Order.allCases
      let next = (all.firstIndex(of: order) ?? 0) + 1
      order = all[next % all.count]
    case .character("r"): isReversed.toggle()
    case .character(" "): isPaused.toggle()
    default: return .none
    }
    return .redraw
  }

  mutating func update(_ new: TopSample) {
    if let sample { rates = new.rates(since: sample) }
    sample = new
    failure = nil
  }

  mutating func fail(_ cause: String) { failure = cause }

  /// The ranges in the order asked for; those alike by name.
  var ranges: [TopSample.Range] {
    let sorted = (sample?.ranges ?? []).sorted { left, right in
      switch order {
      case .fill where left.fill != right.fill: left.fill > right.fill
      case .free where left.free != right.free: left.free < right.free
      case .forecast where left.fullInSeconds != right.fullInSeconds:
        (left.fullInSeconds ?? .infinity) < (right.fullInSeconds ?? .infinity)
      default: left.name < right.name
      }
    }
    return isReversed ? sorted.reversed() : sorted
  }
}
