/// What `server.stats` answers: numbers since the daemon started, unless they say now.
package struct ServerStatsResult: MethodResult {
  package struct Connections: Sendable, Hashable {
    /// Now.
    package var open: UInt64

    /// Ever accepted.
    package var total: UInt64

    /// Now not read from, because their answers are not taken.
    package var paused: UInt64

    /// Now waiting with a request that cannot be answered before another one's commit.
    package var held: UInt64

    package init(open: UInt64, total: UInt64, paused: UInt64, held: UInt64) {
      self.open = open
      self.total = total
      self.paused = paused
      self.held = held
    }
  }

  package struct MethodCount: Sendable, Hashable {
    package var method: Method
    package var count: UInt64

    /// Those of `count` that were answered with an error.
    package var errors: UInt64

    package init(method: Method, count: UInt64, errors: UInt64) {
      self.method = method
      self.count = count
      self.errors = errors
    }
  }

  /// How long something took, in microseconds.
  package struct Quantiles: Sendable, Hashable {
    package var p50: UInt64
    package var p90: UInt64
    package var p99: UInt64
    package var max: UInt64

    package init(p50: UInt64, p90: UInt64, p99: UInt64, max: UInt64) {
      self.p50 = p50
      self.p90 = p90
      self.p99 = p99
      self.max = max
    }
  }

  package struct Commits: Sendable, Hashable {
    package var count: UInt64

    /// Records in them; a commit holds `records / count` of them on average.
    package var records: UInt64
    package var failures: UInt64

    /// Of the flush to disk of each; nil before the first.
    package var fsync: Quantiles?

    package init(count: UInt64, records: UInt64, failures: UInt64, fsync: Quantiles?) {
      self.count = count
      self.records = records
      self.failures = failures
      self.fsync = fsync
    }
  }

  package struct Ledger: Sendable, Hashable {
    package var revision: UInt64

    /// Of the database file, now.
    package var bytes: UInt64

    /// Of its write-ahead log, now.
    package var walBytes: UInt64

    package init(revision: UInt64, bytes: UInt64, walBytes: UInt64) {
      self.revision = revision
      self.bytes = bytes
      self.walBytes = walBytes
    }
  }

  /// What is held now.
  package struct Objects: Sendable, Hashable {
    package var pods: UInt64
    package var services: UInt64
    package var nodes: UInt64

    package init(pods: UInt64, services: UInt64, nodes: UInt64) {
      self.pods = pods
      self.services = services
      self.nodes = nodes
    }
  }

  package var uptimeSeconds: Int64
  package var connections: Connections

  /// Methods that were called at least once.
  package var requests: [MethodCount]

  /// From a request read to its answer handed to the socket; nil before the first.
  package var latency: Quantiles?
  package var commits: Commits
  package var ledger: Ledger
  package var objects: Objects

  package init(
    uptimeSeconds: Int64, connections: Connections, requests: [MethodCount],
    latency: Quantiles?, commits: Commits, ledger: Ledger, objects: Objects
  ) {
    self.uptimeSeconds = uptimeSeconds
    self.connections = connections
    self.requests = requests
    self.latency = latency
    self.commits = commits
    self.ledger = ledger
    self.objects = objects
  }
}
