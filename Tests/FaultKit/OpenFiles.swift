import Foundation

/// How many files this process and the daemons it starts may have open.
package enum OpenFiles {
  /// Raises the soft limit to `wanted`; throws when the hard one is below.
  package static func raiseLimit(to wanted: Int) throws {
    var limit = rlimit()
    let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(kind, &limit) == 0 else { throw HarnessFailure.system("getrlimit", errno) }
    guard limit.rlim_cur < wanted else { return }
    guard limit.rlim_max >= wanted else {
      throw HarnessFailure.ended("at most \(limit.rlim_max) open files are allowed here")
    }
    limit.rlim_cur = rlim_t(wanted)
    guard setrlimit(kind, &limit) == 0 else { throw HarnessFailure.system("setrlimit", errno) }
  }
}
