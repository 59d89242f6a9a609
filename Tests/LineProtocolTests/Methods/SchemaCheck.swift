import LineProtocol

/// As much of JSON Schema as the protocol's own schemas use: enough to hold values against them.
struct SchemaCheck {
  /// `components/schemas` of the document.
  let components: JSONValue

  /// What is wrong with `value`, with the path to it; empty when it fits.
  func findings(_ value: JSONValue, _ schema: JSONValue, at path: String = "$") -> [String] {
    if case .string(let reference) = schema["$ref"] {
      let name = String(reference.dropFirst("#/components/schemas/".count))
      guard let target = components[name] else { return ["\(path): no schema \(name)"] }
      return findings(value, target, at: path)
    }
    var found: [String] = []
    if case .string(let type) = schema["type"], !has(value, type) {
      return ["\(path): is no \(type)"]
    }
    if case .array(let choices) = schema["enum"], !choices.contains(value) {
      found.append("\(path): is none of the choices")
    }
    switch value {
    case .string(let text): found += check(text, schema, path)
    case .int(let number): found += check(number, schema, path)
    case .array(let items): found += check(items, schema, path)
    case .object(let members): found += check(members, schema, path)
    case .null, .bool: break
    }
    return found
  }

  private func has(_ value: JSONValue, _ type: String) -> Bool {
    switch value {
    case .null: type == "null"
    case .bool: type == "boolean"
    case .int: type == "integer" || type == "number"
    case .string: type == "string"
    case .array: type == "array"
    case .object: type == "object"
    }
  }

  private func check(_ text: String, _ schema: JSONValue, _ path: String) -> [String] {
    var found: [String] = []
    if case .int(let least) = schema["minLength"], text.unicodeScalars.count < least {
      found.append("\(path): is too short")
    }
    if case .int(let most) = schema["maxLength"], text.unicodeScalars.count > most {
      found.append("\(path): is too long")
    }
    if schema["pattern"] == "^[0-9]+$", text.isEmpty || !text.utf8.allSatisfy({ 48...57 ~= $0 }) {
      found.append("\(path): is not made of digits")
    }
    return found
  }

  private func check(_ number: Int64, _ schema: JSONValue, _ path: String) -> [String] {
    var found: [String] = []
    if case .int(let least) = schema["minimum"], number < least {
      found.append("\(path): is below \(least)")
    }
    if case .int(let most) = schema["maximum"], number > most {
      found.append("\(path): is above \(most)")
    }
    return found
  }

  private func check(_ items: [JSONValue], _ schema: JSONValue, _ path: String) -> [String] {
    var found: [String] = []
    if case .int(let most) = schema["maxItems"], items.count > most {
      found.append("\(path): has too many items")
    }
    guard let item = schema["items"] else { return found }
    for (index, value) in items.enumerated() {
      found += findings(value, item, at: "\(path)[\(index)]")
    }
    return found
  }

  private func check(
    _ members: [JSONValue.Member], _ schema: JSONValue, _ path: String
  ) -> [String] {
    var found: [String] = []
    if case .array(let required) = schema["required"] {
      for case .string(let name) in required where !members.contains(where: { $0.name == name }) {
        found.append("\(path).\(name): is missing")
      }
    }
    for member in members {
      let place = "\(path).\(member.name)"
      if let property = schema["properties"]?[member.name] {
        found += findings(member.value, property, at: place)
      } else if schema["additionalProperties"] == false {
        found.append("\(place): is unknown")
      } else if let rest = schema["additionalProperties"], rest != true {
        found += findings(member.value, rest, at: place)
      }
    }
    return found
  }
}
