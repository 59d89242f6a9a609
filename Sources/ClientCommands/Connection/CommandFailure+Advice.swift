import IPLedgerClient

extension CommandFailure {
  /// What a failed call means at the command line.
  init(_ error: ClientError) {
    switch error {
    case .unreachable(let address, let cause):
      self.init(
        .unreachable, "nobody answers at \(address): \(cause)",
        next: "start ipledgerd, or name its address with --socket or IPLEDGER_SOCKET"
          + (cause.contains("may not") ? "; a Unix socket may need sudo" : ""))
    case .connectionLost, .timedOut:
      self.init(
        .retry, "\(error): a change may have been made or not",
        next: "run the same command again: what was done already is not done twice")
    case .notUnderstood:
      self.init(
        .notUnderstood, "\(error)", next: "name the address of ipledgerd's protocol with --socket")
    case .notSupported:
      self.init(.usage, "\(error)", next: "name another address with --socket")
    case .refused(let refusal): self.init(refusal)
    }
  }

  private init(_ refusal: ServerError) {
    let index = refusal.data["index"]?.int.map { " (operation \($0))" } ?? ""
    let causes = refusal.causes.filter { cause in
      ![cause.message, "\(cause.field): \(cause.message)"].contains(refusal.message)
    }
    let lines = causes.map { "\n  \($0.field): \($0.message)" }.joined()
    // A single finding often is the whole message.
    let only = causes.isEmpty ? refusal.causes.first?.field ?? "" : ""
    let field = only.isEmpty || refusal.message.hasPrefix(only) ? "" : "\(only): "
    self.init(
      ExitStatus(reason: refusal.reason, isRetryable: refusal.isRetryable),
      "\(refusal.reason)\(index): \(field)\(refusal.message)\(lines)",
      next: Self.advice(refusal))
  }

  private static func advice(_ refusal: ServerError) -> String {
    let data = refusal.data
    switch refusal.reason {
    case "NotFound": return "see what there is: ipledger pod|service|node|range list"
    case "MethodNotFound":
      let near = data["near"]?.strings ?? []
      return near.isEmpty
        ? "see every method: ipledger call rpc.discover" : "try \(near.joined(separator: " or "))"
    case "InvalidParams": return "change what is named above; --help shows an example"
    case "Exhausted":
      let range = data["range"]?.string ?? "RANGE"
      return "see what would free space: ipledger range explain \(range)"
    case "AlreadyReserved":
      return "see who holds it: ipledger ip get \(data["ip"]?.string ?? "IP")"
    case "OutOfRange": return "see what is handed out: ipledger range list"
    case "Conflict":
      return "look at what is there now (get, list), then ask for that, or release it first"
    case "Forbidden":
      let needed = data["needed"]?.string ?? "another role"
      return "needed is \(needed): use sudo or --token, or add an access rule to the daemon"
    case "Compacted":
      return "ask from revision \(data["oldestRevision"]?.int ?? 0) on: older records are gone"
    case "OutcomeUnknown":
      return "the daemon restarts: then run the same command again, it is not done twice"
    case "LedgerUnavailable":
      return "make room on the ledger's disk, then run the same command again"
    case _ where refusal.isRetryable:
      return "nothing was changed: run the same command again in a moment"
    default:
      let id = data["correlationID"]?.string.map { " under \($0)" } ?? ""
      return "look into the daemon's log\(id), and report it"
    }
  }
}
