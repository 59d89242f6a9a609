import ArgumentParser

/// How a result is shown.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
  case table
  case wide
  case json
  case yaml
}
