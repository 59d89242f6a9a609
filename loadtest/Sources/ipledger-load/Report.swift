import Foundation

/// What a run measured, with where and when.
struct Report: Encodable {
  let started: Date
  let machine: Machine
  var phases: [PhaseResult] = []

  init() {
    started = Date()
    machine = Machine()
  }

  /// Whether every answer was what it should be.
  var isClean: Bool { phases.allSatisfy(\.isClean) }

  /// One object on one line, with its members in the order of their names.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}

/// What ran the load: numbers of different machines are not for comparison.
struct Machine: Encodable {
  let processors: Int
  let processor: String
  let memoryBytes: UInt64
  let kernel: String

  init() {
    let info = ProcessInfo.processInfo
    processors = info.activeProcessorCount
    memoryBytes = info.physicalMemory
    kernel = Self.firstLine("/proc/sys/kernel/osrelease") ?? "unknown"
    let model = Self.lines("/proc/cpuinfo").first { $0.hasPrefix("model name") }
    let name = model?.split(separator: ":", maxSplits: 1).last
    processor = name?.trimmingCharacters(in: .whitespaces) ?? "unknown"
  }

  private static func lines(_ path: String) -> [Substring] {
    let text = try? String(contentsOfFile: path, encoding: .utf8)
    return text?.split(separator: "\n") ?? []
  }

  private static func firstLine(_ path: String) -> String? { lines(path).first.map(String.init) }
}
