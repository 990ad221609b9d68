public import Engine
public import Market
import Venues

/// The digest of a run outside the virtual world, chained over every step of its engine.
///
/// Live host and replay fold the same facts in the same order: both clocks, the input, every
/// record and every effect. So equal digests mean equal runs.
public struct RunChain: Sendable {
  private var chain = DigestChain(keepsHistory: false)

  /// A chain of no step.
  public init() {}

  /// Folds one step of the engine in.
  ///
  /// - Parameters:
  ///   - input: What the engine was told.
  ///   - now: Both clocks of the step.
  ///   - outbox: What the engine asked for.
  /// - Returns: The chain after the step.
  public mutating func add(_ input: HostInput, at now: Now, _ outbox: Outbox) -> StepDigest {
    let before = chain.parts
    chain.begin(at: now.wall)
    chain.add(.feed, UInt64(bitPattern: now.monotonic.nanoseconds))
    chain.add(.feed, Digest.of(input.input))
    for record in outbox.records { chain.add(record.component, Digest.of(record)) }
    for effect in outbox.effects { chain.add(effect.component, Digest.of(effect)) }
    chain.end()
    return StepDigest(
      whole: chain.whole,
      parts: Component.allCases.compactMap { component in
        let part = chain.parts[Int(component.rawValue)]
        guard part != before[Int(component.rawValue)] else { return nil }
        return ComponentDigest(component: component, digest: part)
      })
  }

  /// The digest of every step so far.
  public var digest: Digest { chain.whole }
  /// How many steps there were.
  public var count: Int { chain.count }
  /// One digest a component, in their order; the venue has none.
  public var components: [ComponentDigest] {
    zip(Component.allCases, chain.parts).filter { $0.0 != .venue }
      .map { ComponentDigest(component: $0.0, digest: $0.1) }
  }
}

/// The chain after one step, with the components that the step moved.
public struct StepDigest: Hashable, Sendable {
  /// The whole run up to and with the step.
  public let whole: Digest
  /// The components that the step moved, as they are after it, in their order.
  public let parts: [ComponentDigest]
}

extension StepDigest: BinaryCodable {
  /// Writes the digests.
  public func write(to writer: inout BinaryWriter) {
    writer.write(whole.value)
    writer.write(UInt8(parts.count))
    for part in parts {
      writer.write(part.component.rawValue)
      writer.write(part.digest.value)
    }
  }

  /// Reads digests.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are none.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    whole = Digest(rawValue: try reader.readUInt64())
    var parts: [ComponentDigest] = []
    for _ in 0..<(try reader.readByte()) {
      let start = reader.position
      guard let component = Component(rawValue: try reader.readByte()) else {
        throw .invalid(offset: start)
      }
      parts.append(
        ComponentDigest(component: component, digest: Digest(rawValue: try reader.readUInt64())))
    }
    self.parts = parts
  }
}
