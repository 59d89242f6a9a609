extension ServerStatsResult {
  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("uptimeSeconds", uptimeSeconds)
    writer.name("connections")
    connections.append(to: &writer)
    writer.name("requests")
    writer.beginObject()
    for request in requests {
      writer.name(request.method.name)
      request.append(to: &writer)
    }
    writer.endObject()
    Self.append(latency, as: "latencyMicroseconds", to: &writer)
    writer.name("commits")
    commits.append(to: &writer)
    writer.name("ledger")
    ledger.append(to: &writer)
    writer.name("objects")
    objects.append(to: &writer)
    writer.endObject()
  }

  fileprivate static func append(
    _ quantiles: Quantiles?, as name: StaticString, to writer: inout JSONWriter
  ) {
    guard let quantiles else { return }
    writer.name(name)
    writer.beginObject()
    writer.member("p50", quantiles.p50)
    writer.member("p90", quantiles.p90)
    writer.member("p99", quantiles.p99)
    writer.member("max", quantiles.max)
    writer.endObject()
  }
}

extension ServerStatsResult.Connections {
  fileprivate func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("open", open)
    writer.member("total", total)
    writer.member("paused", paused)
    writer.member("held", held)
    writer.endObject()
  }
}

extension ServerStatsResult.MethodCount {
  fileprivate func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("count", count)
    writer.member("errors", errors)
    writer.endObject()
  }
}

extension ServerStatsResult.Commits {
  /// Records of a commit on average, to a tenth; there is at least one commit.
  private var meanRecords: String {
    let tenths = records.multipliedReportingOverflow(by: 10).partialValue / count
    return "\(tenths / 10).\(tenths % 10)"
  }

  fileprivate func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("count", count)
    writer.member("records", records)
    writer.member("failures", failures)
    if count > 0 {
      writer.name("meanRecords")
      writer.value(json: Array(meanRecords.utf8).span)
    }
    ServerStatsResult.append(fsync, as: "fsyncMicroseconds", to: &writer)
    writer.endObject()
  }
}

extension ServerStatsResult.Ledger {
  fileprivate func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("revision", revision)
    writer.member("bytes", bytes)
    writer.member("walBytes", walBytes)
    writer.endObject()
  }
}

extension ServerStatsResult.Objects {
  fileprivate func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("pods", pods)
    writer.member("services", services)
    writer.member("nodes", nodes)
    writer.endObject()
  }
}
