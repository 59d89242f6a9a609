internal import Glibc

/// The users and groups of this machine, by the names of `/etc/passwd` and its kin.
package enum MachineAccounts {
  package enum Kind: String, Sendable {
    case user, group
  }

  /// The number of a user or group; nil: there is none of that name.
  ///
  /// Called by one thread at a time, the one that reads a configuration.
  package static func number(_ kind: Kind, _ name: String) -> UInt32? {
    switch kind {
    // Safe: the entry is read before anything else asks for one.
    case .user: unsafe getpwnam(name).map { unsafe $0.pointee.pw_uid }
    // Safe: the same.
    case .group: unsafe getgrnam(name).map { unsafe $0.pointee.gr_gid }
    }
  }
}
