internal import IPLedgerClient

/// What the shell answers to a line, without a terminal.
struct ShellSession {
  /// What is shown for a line.
  enum Response: Hashable {
    case text(String)
    case failure(String)
    case nothing
    case exit
  }

  let call: Shell.Call
  let catalogue: MethodCatalogue

  /// Answers take one line each, for programs.
  let isPlain: Bool

  /// Columns for answers of several lines.
  var width = 80

  func respond(to line: String) -> Response {
    do {
      switch try ShellInput(line, catalogue) {
      case .nothing: return .nothing
      case .exit: return .exit
      case .help(let name): return help(name)
      case .call("ledger.watch", _), .call("ledger.unwatch", _): return .failure(Self.noEvents)
      case .call(let method, let params):
        let result = try call(method, params)
        return .text(isPlain ? result.text : result.pretty(width: width))
      }
    } catch {
      return .failure("\(error)")
    }
  }

  func complete(_ text: String) -> Completion {
    let method = text.split { $0.isWhitespace }.first.map { String($0) } ?? ""
    let names = ObjectNames(call: call)
    return Completion(text, catalogue) { names.names(of: $0, in: method) }
  }

  private func help(_ name: String?) -> Response {
    guard let name else {
      let widest = catalogue.methods.map(\.name.count).max() ?? 0
      let methods = catalogue.methods.map { $0.name.padded(to: widest + 2) + $0.summary }
      return .text((Self.words + methods).joined(separator: "\n"))
    }
    guard let method = catalogue.method(name) else {
      return .failure("there is no method '\(name)'; 'help' names all of them")
    }
    let widest = method.params.map(\.name.count).max() ?? 0
    let params = method.params.map { param in
      "  " + (param.name + (param.isRequired ? " *" : "")).padded(to: widest + 4) + param.summary
    }
    return .text(([method.summary] + params).joined(separator: "\n"))
  }

  private static let noEvents = "the shell shows no events; 'ledger.read after=REVISION' does"

  private static let words = [
    "METHOD key=value …   calls a method; spec.type=ClusterIP sets a member inside",
    "{\"method\": …}        sends a request as it is",
    "help METHOD          what a method takes (* must be given); Tab completes",
    "exit                 ends the shell; so does ^D", "",
  ]
}
