import ArgumentParser
import IPLedgerClient

/// Why a command did not do what it was asked: for a person, for a script, and what to do next.
struct CommandFailure: Error, Equatable {
  let status: ExitStatus
  let message: String
  let next: String

  init(_ status: ExitStatus, _ message: String, next: String) {
    self.status = status
    self.message = message
    self.next = next
  }

  /// What stands on standard error.
  func text(_ palette: Palette) -> String {
    "\(palette.red("ipledger:")) \(message)\n\(palette.faint("Next:")) \(next)\n"
  }
}

extension CommandFailure: CustomStringConvertible {
  /// For the shell, where it is an answer like any other.
  var description: String { "\(message)\nNext: \(next)" }
}

extension CommandFailure {
  /// Runs `body`; what it throws is told on standard error and becomes the exit status.
  static func told(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch let failure as CommandFailure {
      Console.complain(failure.text(.ofErrors))
      throw ExitCode(failure.status.rawValue)
    }
  }
}
