import Addressing

/// All that was said about settings, the strongest source of each, and the mistakes on the way.
///
/// Sources are taken from the strongest to the weakest: flags, environment, file. What a stronger
/// one has said stays; what the weaker ones say is still checked, as it is a mistake all the same.
struct SettingValues {
  private(set) var values: [Setting: SettingValue] = [:]
  private(set) var findings: [ConfigurationFinding] = []

  subscript(setting: Setting) -> SettingValue? { values[setting] }

  mutating func find(_ source: SettingSource, _ reason: CauseReason, _ message: String) {
    findings.append(ConfigurationFinding(source, reason, message))
  }

  mutating func take(_ setting: Setting, _ value: SettingValue) {
    if values[setting] == nil { values[setting] = value }
  }

  mutating func take(_ setting: Setting, text: String, from source: SettingSource) {
    do throws(SettingFormError) {
      take(setting, try SettingValue(text, form: setting.form, source: source))
    } catch {
      find(source, .invalid, error.message)
    }
  }

  /// The values of each flag in the order given.
  mutating func take(flags: [Setting: [String]]) {
    for setting in Setting.allCases {
      guard let texts = flags[setting], let first = texts.first else { continue }
      let source = SettingSource.flag(setting.flag)
      if setting.form == .list {
        take(setting, text: texts.joined(separator: ","), from: source)
      } else if texts.count == 1 {
        take(setting, text: first, from: source)
      } else {
        find(source, .duplicate, "given \(texts.count) times: give it once")
      }
    }
  }

  /// The variables of settings; others named `IPLEDGER_…` are not the daemon's to judge: an
  /// orchestrator may set some for a Service of that name.
  mutating func take(environment facts: ProcessFacts) {
    for setting in Setting.allCases {
      guard let text = facts.variable(setting.environmentName) else { continue }
      take(setting, text: text, from: .environment(setting.environmentName))
    }
  }
}

// The values of settings by their form; nil when nobody said anything.
extension SettingValues {
  func text(_ setting: Setting) -> String? {
    if case .text(let text)? = values[setting]?.content { text } else { nil }
  }

  func list(_ setting: Setting) -> [String]? {
    if case .list(let list)? = values[setting]?.content { list } else { nil }
  }

  func number(_ setting: Setting) -> Int? {
    if case .number(let number)? = values[setting]?.content { number } else { nil }
  }

  func boolean(_ setting: Setting) -> Bool? {
    if case .boolean(let boolean)? = values[setting]?.content { boolean } else { nil }
  }

  /// Who said it, or that nobody did.
  func source(_ setting: Setting) -> SettingSource {
    values[setting]?.source ?? .standard(setting.key)
  }
}
