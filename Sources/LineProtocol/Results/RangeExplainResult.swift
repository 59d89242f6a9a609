package import Addressing

/// Why a range has, or has not, anything to hand out.
package struct RangeExplanationItem: Sendable {
  package struct Owner: Sendable, Hashable {
    package var name: String
    package var count: UInt128

    package init(name: String, count: UInt128) {
      self.name = name
      self.count = count
    }
  }

  package var range: RangeItem
  package var largestFreeRun: (first: IPAddress, count: UInt128)?
  package var owners: [Owner] = []
  package var isSampled = false

  /// Times in milliseconds since 1970.
  package var oldestQuarantined: (ip: IPAddress, since: Int64, freeAt: Int64)?
  package var wouldFree: [String] = []

  /// More, or fewer, in an hour as things go now; nil: it is too early to say.
  package var perHour: Int64?

  /// Nil: it is not filling.
  package var fullInSeconds: UInt64?

  package init(range: RangeItem) { self.range = range }

  func append(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.name("range")
    range.append(to: &writer)
    if let run = largestFreeRun {
      writer.name("largestFreeRun")
      writer.beginObject()
      writer.member("first", run.first)
      writer.member("count", decimal: run.count)
      writer.endObject()
    }
    writer.name("biggestOwners")
    writer.beginArray()
    for owner in owners {
      writer.beginObject()
      writer.name(range.unit == .block ? "node" : "namespace")
      writer.value(owner.name)
      writer.member("count", decimal: owner.count)
      writer.endObject()
    }
    writer.endArray()
    if isSampled { writer.member("sampled", true) }
    if let rest = oldestQuarantined {
      writer.name("oldestQuarantined")
      writer.beginObject()
      writer.member("ip", rest.ip)
      writer.member("since", time: rest.since)
      writer.member("freeAt", time: rest.freeAt)
      writer.endObject()
    }
    writer.member("wouldFree", wouldFree)
    if let perHour {
      writer.name("pace")
      writer.beginObject()
      writer.member("perHour", perHour)
      writer.member("fullInSeconds", fullInSeconds)
      writer.endObject()
    }
    writer.endObject()
  }

  /// What `components/schemas/RangeExplanation` holds.
  static let definition = Schema.object([
    .required("range", Schema.ref("Range"), "The range with its counts by state."),
    .optional(
      "largestFreeRun",
      Schema.object([
        .required("first", Schema.address, "Where it begins."),
        .required("count", Schema.bigCount, "Free addresses one after the other."),
      ]), "Absent when nothing is free, and for node blocks."),
    .required(
      "biggestOwners",
      Schema.list(
        Schema.object([
          .optional("namespace", Schema.name, "Of pods and Services."),
          .optional("node", Schema.name, "Of node blocks."),
          .required("count", Schema.bigCount, "What it has."),
        ])), "The first ten."),
    .optional("sampled", Schema.flag, "Owners were counted by a part of a large range."),
    .optional(
      "oldestQuarantined",
      Schema.object([
        .required("ip", Schema.address, "The address that rests longest."),
        .required("since", Schema.time, "When it was released."),
        .required("freeAt", Schema.time, "When its rest ends."),
      ]), "Absent when nothing rests."),
    .required("wouldFree", Schema.list(Schema.text), "What would free space, for a person."),
    .optional(
      "pace",
      Schema.object([
        .required("perHour", ["type": "integer"], "More, or fewer, in an hour."),
        .optional("fullInSeconds", Schema.count, "Absent when it is not filling."),
      ]), "How the use moves now; absent before it can be told."),
  ])
}

/// What `range.explain` answers about a range, or about a request.
package struct RangeExplainResult: MethodResult {
  /// About a request: whether it would succeed, and the error that it would get.
  package struct Forecast: Sendable {
    package var error: ErrorReply?

    package init(error: ErrorReply?) { self.error = error }
  }

  package var forecast: Forecast?
  package var ranges: [RangeExplanationItem]

  /// The newest that it shows.
  package var revision: UInt64

  package init(forecast: Forecast?, ranges: [RangeExplanationItem], revision: UInt64) {
    self.forecast = forecast
    self.ranges = ranges
    self.revision = revision
  }

  package func append(to writer: inout JSONWriter) {
    writer.beginObject()
    if let forecast {
      writer.member("wouldSucceed", forecast.error == nil)
      if let error = forecast.error {
        writer.name("error")
        error.appendObject(to: &writer)
      }
    }
    writer.name("ranges")
    writer.beginArray()
    for range in ranges { range.append(to: &writer) }
    writer.endArray()
    writer.member("revision", revision)
    writer.endObject()
  }

  package static var schema: JSONValue {
    Schema.object([
      .optional("wouldSucceed", Schema.flag, "Of a request: whether it would succeed now."),
      .optional("error", ["type": "object"], "Of a request: the error that it would get."),
      .required(
        "ranges", Schema.list(Schema.ref("RangeExplanation")),
        "The range, or those that the request takes from."),
      .required("revision", Schema.revision, "The newest that it shows."),
    ])
  }
}
