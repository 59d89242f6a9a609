internal import IPLedgerClient

/// GC: releases what this node holds for attachments of this network that are not valid any more.
///
/// Other nodes' and other networks' are left alone, and so is what is young: the runtime's list may
/// be older.
struct LeakCollection {
  private let settings: Settings
  private let network: String
  private let node: String
  private let valid: Set<Invocation.Attachment>

  /// So many releases are one transaction, on a line that is short enough.
  private static var mostAtOnce: Int { 250 }

  init(_ config: NetworkConfig) throws(PluginError) {
    guard config.version.hasCollection else {
      throw PluginError(
        .incompatibleVersion, "config version does not allow GC",
        details: "config is \(config.version.rawValue), GC came with 1.1.0")
    }
    settings = try Settings(config)
    network = config.name
    node = try settings.nodeName
    valid = try Self.valid(config.root)
  }

  /// Null is an empty list; a list that is missing is a mistake.
  private static func valid(
    _ root: ConfigObject
  ) throws(PluginError) -> Set<Invocation.Attachment> {
    let names = ["cni.dev/valid-attachments", "cni.dev/attachments"]
    guard let name = names.first(where: { root.json[$0] != nil }) else {
      throw PluginError(
        .invalidConfig, "\(names[0]) is missing",
        details: "GC releases nothing without the list of attachments that are valid")
    }
    var valid: Set<Invocation.Attachment> = []
    for json in try root.list(name) ?? [] {
      guard let containerID = json.find("containerID")?.string, !containerID.isEmpty,
        let interface = json.find("ifname")?.string, !interface.isEmpty
      else { throw root.wrong(name, "holds an entry without containerID or ifname") }
      valid.insert(Invocation.Attachment(containerID: containerID, interface: interface))
    }
    return valid
  }

  /// Goes on after a failure, and tells the first one at the end.
  func run() throws(PluginError) {
    var ledger = LedgerConnection(to: settings.address, within: settings.timeLimit)
    let gone: [Reservations.Item]
    do throws(PluginError) {
      gone = try found(&ledger)
    } catch {
      // A node or network that is gone holds nothing.
      guard error.code != .notFound else { return }
      throw error
    }
    var failure: PluginError?
    for start in stride(from: 0, to: gone.count, by: Self.mostAtOnce) {
      do throws(PluginError) {
        try release(gone[start..<min(start + Self.mostAtOnce, gone.count)], &ledger)
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }

  /// What is held, not valid, and not younger than the runtime's list may be.
  ///
  /// The daemon says what is old enough; that list may be too long for a line of the protocol.
  private func found(
    _ ledger: inout LedgerConnection
  ) throws(PluginError) -> [Reservations.Item] {
    var params = [
      JSON.Member("node", .string(node)), JSON.Member("live", []),
      JSON.Member("olderThanSeconds", .int(Int64(settings.collectAfterSeconds))),
      JSON.Member("dryRun", true),
    ]
    if let pool = settings.pool { params.append(JSON.Member("network", .string(pool))) }
    let old = try ledger.call("pod.reconcile", .object(params))["released"]?.array ?? []
    return old.map { Reservations.Item(json: $0) }.filter { pod in
      guard pod.isOf(network), let attachment = pod.attachment else { return false }
      return !valid.contains(attachment)
    }
  }

  /// All at once; or one by one, where one of them has another life by now.
  private func release(
    _ gone: ArraySlice<Reservations.Item>, _ ledger: inout LedgerConnection
  ) throws(PluginError) {
    let calls = gone.map { pod -> JSON in
      ["method": "pod.release", "params": pod.releaseParams]
    }
    do throws(ClientError) {
      _ = try ledger.ask("transaction", ["ops": .array(calls)])
      return
    } catch {
      guard case .refused = error else { throw PluginError(error) }
    }
    var failure: ClientError?
    for pod in gone {
      do throws(ClientError) {
        _ = try ledger.ask("pod.release", pod.releaseParams)
      } catch {
        if case .refused(let refusal) = error, refusal.reason == "Conflict" { continue }
        failure = failure ?? error
      }
    }
    if let failure { throw PluginError(failure) }
  }
}
