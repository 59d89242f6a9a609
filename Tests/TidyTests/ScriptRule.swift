/// A script can be started as it is, and stops at its first mistake.
enum ScriptRule {
  struct Script: Sendable {
    let path: String
    let text: String
    let isExecutable: Bool
  }

  static func offences(in script: Script) -> [Offence] {
    var offences: [Offence] = []
    func add(_ message: String) {
      offences.append(Offence(path: script.path, line: 1, message: message))
    }
    let lines = script.text.split(separator: "\n")
    guard let first = lines.first, first.hasPrefix("#!") else {
      add("a script begins with #! and its interpreter")
      return offences
    }
    if !script.isExecutable { add("the script is not executable") }
    if first.hasSuffix("bash"), !lines.contains("set -euo pipefail") {
      add("a bash script says 'set -euo pipefail'")
    }
    return offences
  }
}
