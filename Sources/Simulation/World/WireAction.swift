import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// An order as the bytes that leave say it, read without the client's codec.
struct WireOrder: Hashable, Sendable {
  let clientID: ClientOrderID?
  let isBuy: Bool
  let quantity: Quantity
  let isReduceOnly: Bool
  let isTrigger: Bool
}

/// What an action that leaves asks for.
enum WireAction: Hashable, Sendable {
  case order([WireOrder])
  case cancel
  case other

  /// A kind without its details.
  enum Kind: Hashable, Sendable {
    case order, cancel, other
  }

  /// The kind of a request body.
  static func kind(of body: [UInt8]) -> Kind {
    switch WireAction(body) {
    case .order: .order
    case .cancel: .cancel
    case .other: .other
    }
  }

  /// Reads an exchange envelope, `{"action":{"type":…},…}`, or a posted frame that holds one.
  init(_ body: [UInt8]) {
    var parser = JSONParser()
    guard let root = try? parser.parse(body).root else {
      self = .other
      return
    }
    self.init(envelope: root["request"]?["payload"] ?? root)
  }

  private init(envelope: JSONValue) {
    guard let action = envelope["action"], let type = action["type"]?.string else {
      self = .other
      return
    }
    switch type {
    case "order":
      let elements = action["orders"]?.elements.map(Array.init) ?? []
      self = .order(elements.map(WireOrder.init))
    case "modify", "batchModify":
      self = .order(action["order"].map { [WireOrder($0)] } ?? [])
    case "cancel", "cancelByCloid": self = .cancel
    default: self = .other
    }
  }
}

extension WireOrder {
  init(_ value: JSONValue) {
    clientID = value["c"]?.string.flatMap { ClientOrderID($0) }
    isBuy = value["b"]?.bool ?? false
    quantity = value["s"]?.fixed() ?? .zero
    isReduceOnly = value["r"]?.bool ?? false
    isTrigger = value["t"]?["trigger"] != nil
  }
}
