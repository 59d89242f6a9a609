import Foundation

/// The standard error stream: whole lines, each by one write, so that those of several threads
/// never mix.
package enum StandardError {
  /// Writes a text and a newline.
  ///
  /// A stream that cannot be written loses the line: there is nowhere else to complain.
  package static func writeLine(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
  }
}
