/// The version of the protocol, which is not that of the daemon.
package enum ProtocolVersion {
  /// Major.minor: a minor step only adds methods, members that may be left out, and error reasons.
  package static let text = "1.0"
}
