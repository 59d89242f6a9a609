import Foundation
import Yams

/// Phases that run one after the other, as a YAML file says.
struct Scenario {
  let name: String
  let phases: [LoadPlan]

  /// Why a file is no scenario.
  struct Problem: Error, Equatable, CustomStringConvertible {
    let description: String
  }

  /// The file as it is written.
  private struct File: Decodable {
    var name: String?
    /// What holds for all phases that do not say otherwise.
    var all: PhaseSettings?
    var phases: [PhaseSettings]

    private enum CodingKeys: String, CodingKey, CaseIterable { case name, all, phases }

    init(from decoder: any Decoder) throws {
      try decoder.refuseKeys(except: CodingKeys.allCases.map(\.rawValue))
      let values = try decoder.container(keyedBy: CodingKeys.self)
      name = try values.decodeIfPresent(String.self, forKey: .name)
      all = try values.decodeIfPresent(PhaseSettings.self, forKey: .all)
      phases = try values.decode([PhaseSettings].self, forKey: .phases)
    }
  }

  init(file path: String, base: LoadPlan) throws {
    let text: String
    do {
      text = try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw Problem(description: "\(path): \(error.localizedDescription)")
    }
    do throws(Problem) {
      try self.init(yaml: text, name: path, base: base)
    } catch {
      throw Problem(description: "\(path): \(error)")
    }
  }

  /// - Parameters:
  ///   - name: what it is called when the file does not say.
  ///   - base: what holds for what the file does not say.
  init(yaml: String, name: String, base: LoadPlan) throws(Problem) {
    let file: File
    do {
      file = try YAMLDecoder().decode(File.self, from: yaml)
    } catch let error as DecodingError {
      throw Problem(description: Self.text(error))
    } catch {
      throw Problem(description: "\(error)")
    }
    guard !file.phases.isEmpty else {
      throw Problem(description: "phases: an empty list, where a phase at least is expected")
    }
    self.name = file.name ?? name
    var phases: [LoadPlan] = []
    for (index, settings) in file.phases.enumerated() {
      var plan = base
      file.all?.apply(to: &plan)
      settings.apply(to: &plan)
      plan = plan.withEnd()
      if let problem = plan.problem {
        throw Problem(description: "phases[\(index)]: \(problem)")
      }
      phases.append(plan)
    }
    self.phases = phases
  }

  private static func text(_ error: DecodingError) -> String {
    func place(_ path: [any CodingKey]) -> String {
      path.reduce(into: "") { text, key in
        if let index = key.intValue {
          text += "[\(index)]"
        } else {
          text += (text.isEmpty ? "" : ".") + key.stringValue
        }
      }
    }
    switch error {
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      return "\(place(context.codingPath)): a value of another kind, where \(type) is expected"
    case .keyNotFound(let key, let context):
      return "\(place(context.codingPath + [key])): it is missing"
    case .dataCorrupted(let context):
      let reason = context.underlyingError.map { "\($0)" } ?? context.debugDescription
      let place = place(context.codingPath)
      return place.isEmpty ? reason : "\(place): \(reason)"
    @unknown default:
      return "\(error)"
    }
  }
}
