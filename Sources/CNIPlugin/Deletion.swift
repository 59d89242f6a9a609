internal import IPLedgerClient

/// DEL: releases what an attachment holds; nothing held is success.
///
/// It needs the network's name, the attachment and the daemon: whatever else has changed since ADD.
struct Deletion {
  private let settings: Settings
  private let network: String
  private let owner: Owner

  init(
    _ config: NetworkConfig, _ attachment: Invocation.Attachment, _ argumentText: String
  ) throws(PluginError) {
    settings = try Settings(lenient: config)
    network = config.name
    owner = Owner(
      attachment, network: config.name, pool: settings.pool,
      arguments: Arguments(lenient: argumentText))
  }

  func run() throws(PluginError) {
    var ledger = LedgerConnection(to: settings.address, within: settings.timeLimit)
    if try release(.object(owner.members), &ledger) || owner.isPodNamed { return }
    // ADD may have named a pod that this call does not, or another pool.
    guard let node = try? settings.nodeName else { return }
    var pods = Reservations(node: node)
    while let pod = try pods.next(&ledger) {
      guard pod.isOf(network), pod.attachment == owner.attachment else { continue }
      _ = try release(pod.releaseParams, &ledger)
    }
  }

  /// Whether there was something to release.
  private func release(
    _ params: JSON, _ ledger: inout LedgerConnection
  ) throws(PluginError) -> Bool {
    do throws(PluginError) {
      let answer = try ledger.call("pod.release", params)
      return answer["released"]?.array?.isEmpty == false
    } catch {
      // A node or network that is gone holds nothing.
      if error.code == .notFound { return false }
      throw error
    }
  }
}
