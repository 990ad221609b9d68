import Market
import Venues

extension SignedRequest {
  /// The action in MessagePack as the venue hashes it; nil where it has no such form.
  ///
  /// The venue reads an action into its own types and encodes these, so keys in another order,
  /// padded decimals (`"100.0"`), upper-case ids and flags that say `false` still recover the signer
  /// of the canonical form. Actions that it has no types for are taken as they came.
  public var canonicalMessagePack: [UInt8]? {
    guard let type = action["type"]?.string, let shape = ActionShape.actions[type] else {
      return MessagePack.encode(action)
    }
    var writer = JSONWriter(capacity: 512)
    var parser = JSONParser()
    guard shape.write(action, to: &writer), let root = try? parser.parse(writer.bytes).root else {
      return nil
    }
    return MessagePack.encode(root)
  }
}

/// How a value of an action is written canonically.
private indirect enum ActionShape: Sendable {
  /// As it came.
  case plain
  /// A decimal without trailing zeros.
  case decimal
  /// Hexadecimal digits in lower case.
  case hexadecimal
  /// True, or left out.
  case flag
  /// Members in this order; those that are absent or null are left out.
  case object([(name: StaticString, shape: ActionShape)])
  /// Any number of one shape.
  case list(ActionShape)

  /// Writes `value`; false where it is not of the shape.
  func write(_ value: JSONValue, to writer: inout JSONWriter) -> Bool {
    switch self {
    case .plain: writer.value(value)
    case .decimal:
      guard let amount = value.fixed(Price.self) else { return false }
      writer.decimal(amount)
    case .hexadecimal:
      guard let text = value.string else {
        writer.value(value)
        return true
      }
      writer.string(text.lowercased())
    case .flag: writer.bool(true)
    case .list(let shape):
      guard let elements = value.elements else { return false }
      var isComplete = true
      writer.array(elements) { writer, element in
        if !shape.write(element, to: &writer) { isComplete = false }
      }
      return isComplete
    case .object(let members):
      guard value.kind == .object else { return false }
      var isComplete = true
      writer.object { writer in
        for member in members where !Self.write(member, of: value, to: &writer) {
          isComplete = false
        }
      }
      return isComplete
    }
    return true
  }

  private static func write(
    _ member: (name: StaticString, shape: ActionShape), of value: JSONValue,
    to writer: inout JSONWriter
  ) -> Bool {
    guard let part = value[member.name], !part.isNull else { return true }
    if case .flag = member.shape, part.bool == false { return true }
    writer.key(member.name)
    return member.shape.write(part, to: &writer)
  }

  private static let order: (name: StaticString, shape: ActionShape) = (
    "order",
    .object([
      ("a", .plain), ("b", .plain), ("p", .decimal), ("s", .decimal), ("r", .plain),
      (
        "t",
        .object([
          ("limit", .object([("tif", .plain)])),
          (
            "trigger",
            .object([("isMarket", .plain), ("triggerPx", .decimal), ("tpsl", .plain)])
          ),
        ])
      ), ("c", .hexadecimal),
    ])
  )

  /// The field orders of the documented actions ("Exchange endpoint", read 2026-08).
  static let actions: [String: ActionShape] = [
    "order": .object([
      ("type", .plain), ("orders", .list(order.shape)), ("grouping", .plain),
      ("builder", .object([("b", .hexadecimal), ("f", .plain)])),
    ]),
    "cancel": .object([
      ("type", .plain), ("cancels", .list(.object([("a", .plain), ("o", .plain)]))), ("f", .flag),
    ]),
    "cancelByCloid": .object([
      ("type", .plain),
      ("cancels", .list(.object([("asset", .plain), ("cloid", .hexadecimal)]))), ("f", .flag),
    ]),
    "modify": .object([
      ("type", .plain), ("oid", .hexadecimal), order, ("a", .flag),
    ]),
    "batchModify": .object([
      ("type", .plain),
      ("modifies", .list(.object([("oid", .hexadecimal), order]))), ("a", .flag),
    ]),
    "updateLeverage": .object([
      ("type", .plain), ("asset", .plain), ("isCross", .plain), ("leverage", .plain),
    ]),
    "updateIsolatedMargin": .object([
      ("type", .plain), ("asset", .plain), ("isBuy", .plain), ("ntli", .plain),
    ]),
    "scheduleCancel": .object([("type", .plain), ("time", .plain)]),
  ]
}
