/// What a client has to keep to; told by `server.info`.
package struct ProtocolLimits: Sendable, Hashable {
  /// The most bytes of a line, without its newline.
  package var lineBytes: Int

  /// The most levels of nesting; the outermost value is the first.
  package var depth: Int

  /// The most requests of a batch.
  package var batch: Int

  /// The most bytes of a name.
  package var nameBytes: Int

  package init(
    lineBytes: Int = 1_048_576, depth: Int = 32, batch: Int = 1000, nameBytes: Int = 253
  ) {
    self.lineBytes = lineBytes
    self.depth = depth
    self.batch = batch
    self.nameBytes = nameBytes
  }
}
