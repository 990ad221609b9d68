import Market

extension BinaryWriter {
  /// Writes presence and, where present, the instant.
  mutating func write(_ instant: Instant?) {
    write(instant != nil)
    if let instant { write(instant) }
  }

  /// Writes presence and, where present, the amount.
  mutating func write<Unit>(_ amount: Fixed<Unit>?) {
    write(amount != nil)
    if let amount { write(amount) }
  }

  /// Writes presence and, where present, the side.
  mutating func write(_ side: Side?) {
    write(side != nil)
    if let side { write(side.rawValue) }
  }
}

extension BinaryReader {
  /// Reads an instant of this calendar: later than the epoch, with room for any look-ahead.
  mutating func readTime() throws(BinaryFault) -> Instant {
    let start = position
    let time = try readInstant()
    guard (0...9_000_000_000_000_000_000).contains(time.nanoseconds) else {
      throw .invalid(offset: start)
    }
    return time
  }

  /// Reads a positive price.
  mutating func readPrice() throws(BinaryFault) -> Price {
    let start = position
    let price: Price = try readFixed()
    guard price > .zero else { throw .invalid(offset: start) }
    return price
  }

  /// Reads presence and, where present, an instant.
  mutating func readOptionalTime() throws(BinaryFault) -> Instant? {
    try readBool() ? try readTime() : nil
  }

  /// Reads presence and, where present, a price.
  mutating func readOptionalPrice() throws(BinaryFault) -> Price? {
    try readBool() ? try readPrice() : nil
  }

  /// Reads presence and, where present, a side.
  mutating func readOptionalSide() throws(BinaryFault) -> Side? {
    try readBool() ? try readSide() : nil
  }
}
