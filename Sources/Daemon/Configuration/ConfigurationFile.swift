import Foundation

/// The text of a configuration file, and the path by which findings name it.
package struct ConfigurationFile: Sendable {
  package let path: String
  package let text: String

  package init(path: String, text: String) {
    self.path = path
    self.text = text
  }

  /// Why a file cannot be read, as a person would say it.
  struct Unreadable: Error {
    let message: String
  }

  init(reading path: String) throws(Unreadable) {
    let bytes: Data
    do {
      bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      let cause: any Error = (error as? CocoaError)?.underlying ?? error
      let text = cause.localizedDescription.replacing(
        "The operation could not be completed. ", with: "")
      throw Unreadable(message: "\(path) cannot be read: \(text)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Unreadable(message: "\(path) is not UTF-8 text")
    }
    self.init(path: path, text: text)
  }
}
