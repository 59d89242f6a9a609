internal import IPLedgerClient

/// What a `resolv.conf` says, as the `dns` of a result.
package struct ResolverSettings: Sendable, Hashable {
  package private(set) var nameservers: [String] = []
  package private(set) var domain: String?
  package private(set) var search: [String] = []
  package private(set) var options: [String] = []

  package init() {}

  /// Lines that say something else are no matter of the plugin's.
  package init(file text: String) {
    for line in text.split(whereSeparator: \.isNewline) {
      let line = line.drop { $0 == " " || $0 == "\t" }
      if line.hasPrefix("#") || line.hasPrefix(";") { continue }
      let words = line.split { $0 == " " || $0 == "\t" }.map { String($0) }
      guard let keyword = words.first, words.count > 1 else { continue }
      let values = Array(words.dropFirst())
      switch keyword {
      case "nameserver": nameservers.append(values[0])
      case "domain": domain = values[0]
      case "search": search += values
      case "options": options += values
      default: continue
      }
    }
  }

  package var isEmpty: Bool { self == ResolverSettings() }

  var json: JSON {
    var members: [JSON.Member] = []
    func add(_ name: String, _ values: [String]) {
      guard !values.isEmpty else { return }
      members.append(JSON.Member(name, .array(values.map { .string($0) })))
    }
    add("nameservers", nameservers)
    if let domain { members.append(JSON.Member("domain", .string(domain))) }
    add("search", search)
    add("options", options)
    return .object(members)
  }
}
