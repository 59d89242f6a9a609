extension OpenRPC {
  /// `components/schemas`: what the methods refer to.
  static func schemas(limits: ProtocolLimits) -> JSONValue {
    .object(words(limits: limits) + objects)
  }

  private static func words(limits: ProtocolLimits) -> [JSONValue.Member] {
    [
      .init("Name", name(limits: limits)),
      .init(
        "IPAddress",
        described(
          "An address: IPv4 dotted, or IPv6 as RFC 5952 writes it. No zone, no IPv4-mapped IPv6.")),
      .init("CIDR", described("A block of addresses without host bits: 10.244.0.0/24.")),
      .init("IPFamily", Schema.choice("IPv4", "IPv6")),
      .init(
        "Revision",
        [
          "type": "integer", "minimum": 0,
          "description": "A 64-bit number: that of a record of the ledger.",
        ]),
      .init(
        "Count",
        [
          "type": "string", "pattern": "^[0-9]+$",
          "description": "A number in decimal digits: it may pass 2^53.",
        ]),
      .init(
        "Timestamp",
        ["type": "string", "format": "date-time", "description": "A time as RFC 3339 has it."]),
      .init("Limit", ["type": "integer", "minimum": 1, "maximum": 1000]),
      .init("Labels", labels),
    ]
  }

  private static func described(_ text: String) -> JSONValue {
    ["type": "string", "description": .string(text)]
  }

  /// The limit counts bytes of UTF-8; `maxLength` counts characters, and so is the least that a
  /// client has to keep to.
  private static func name(limits: ProtocolLimits) -> JSONValue {
    [
      "type": "string", "minLength": 1, "maxLength": .int(Int64(limits.nameBytes)),
      "description": .string(
        "At most \(limits.nameBytes) bytes of UTF-8, without control characters."),
    ]
  }

  private static let labels: JSONValue = [
    "type": "object", "maxProperties": .int(Int64(LabelText.mostLabels)),
    "propertyNames": ["minLength": 1, "maxLength": .int(Int64(LabelText.mostBytes))],
    "additionalProperties": [
      "type": "string", "maxLength": .int(Int64(LabelText.mostBytes)),
    ],
    "description": .string("At most \(LabelText.mostBytes) bytes of UTF-8 on each side."),
  ]

  private static let objects: [JSONValue.Member] = [
    .init("ServiceSpec", ServiceSpecFields.requestDefinition),
    .init("ServiceAddressFields", ServiceSpecFields.resultDefinition),
    .init("Pod", PodItem.definition),
    .init("Service", ServiceItem.definition),
    .init("Node", NodeItem.definition),
    .init("Record", LedgerReadResult.definition),
    .init("Range", RangeItem.definition),
    .init("RangeExplanation", RangeExplanationItem.definition),
    .init("ServiceStatus", ServiceStatus.definition),
    .init("Band", RangeItem.bandDefinition),
    .init("Owner", owner),
    .init("Limits", ServerInfoResult.limitsDefinition),
    .init("ConnectionLimits", ServerInfoResult.connectionLimitsDefinition),
    .init("Quantiles", ServerStatsResult.quantilesDefinition),
  ]

  /// Who holds an address: a pod's interface, a Service or a node.
  private static let owner = Schema.object([
    .required("kind", Schema.choice("Pod", "Service", "Node", "Range"), "What it is."),
    .optional("namespace", Schema.name, "Of a pod or Service."),
    .required("name", Schema.name, "Its name."),
    .optional("containerID", Schema.name, "Of a pod, if given at the reserve."),
    .optional("interface", Schema.name, "Of a pod."),
    .optional("network", Schema.name, "Of a pod."),
  ])
}
