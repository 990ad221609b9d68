import Market
import Risk
import Venues

/// An action of `/exchange` in the venue's own types.
enum ActionRequest: Sendable {
  case order([OrderRequest], OrderGrouping)
  case cancel([(asset: Int, id: UInt64)])
  case cancelByClient([(asset: Int, clientID: ClientOrderID)])
  case updateLeverage(asset: Int, isCross: Bool, leverage: Int64)
  case scheduleCancel(UInt64?)
  case noop
  /// Known to the real venue and not simulated.
  case unsupported(String)

  /// Reads an action, refusing fields that it does not know; nil is an HTTP 422.
  init?(_ action: JSONValue, markets: Int) {
    guard let type = action["type"]?.text else { return nil }
    switch type {
    case "order": self.init(order: action)
    case "cancel": self.init(cancel: action)
    case "cancelByCloid": self.init(cancelByClient: action)
    case "updateLeverage":
      guard action.hasOnly(["type", "asset", "isCross", "leverage"]),
        let asset = action["asset"]?.int, let isCross = action["isCross"]?.bool,
        let leverage = action["leverage"]?.int64
      else { return nil }
      self = .updateLeverage(asset: asset, isCross: isCross, leverage: leverage)
    case "scheduleCancel":
      guard action.hasOnly(["type", "time"]) else { return nil }
      guard let time = action["time"], !time.isNull else {
        self = .scheduleCancel(nil)
        return
      }
      guard let milliseconds = time.uint64 else { return nil }
      self = .scheduleCancel(milliseconds)
    case "noop": self = .noop
    case "modify", "batchModify", "updateIsolatedMargin", "twapOrder", "twapCancel",
      "vaultTransfer", "subAccountTransfer", "createSubAccount", "setReferrer",
      "reserveRequestWeight", "usdClassTransfer", "usdSend", "spotSend", "withdraw3",
      "sendAsset", "approveAgent", "approveBuilderFee", "tokenDelegate", "userSetAbstraction":
      self = .unsupported(String(type))
    default: return nil
    }
  }

  private init?(order action: JSONValue) {
    guard action.hasOnly(["type", "orders", "grouping", "builder"]),
      let list = action["orders"]?.elements, let word = action["grouping"]?.text
    else { return nil }
    var orders: [OrderRequest] = []
    for element in list {
      guard let order = OrderRequest(element) else { return nil }
      orders.append(order)
    }
    switch word {
    case "na": self = .order(orders, .none)
    case "normalTpsl": self = .order(orders, .normalTriggers)
    case "positionTpsl": self = .order(orders, .positionTriggers)
    default: return nil
    }
  }

  private init?(cancel action: JSONValue) {
    guard action.hasOnly(["type", "cancels", "f"]), let list = action["cancels"]?.elements else {
      return nil
    }
    var cancels: [(asset: Int, id: UInt64)] = []
    for element in list {
      guard element.hasOnly(["a", "o"]), let asset = element["a"]?.int,
        let id = element["o"]?.uint64
      else { return nil }
      cancels.append((asset, id))
    }
    self = .cancel(cancels)
  }

  private init?(cancelByClient action: JSONValue) {
    guard action.hasOnly(["type", "cancels", "f"]), let list = action["cancels"]?.elements else {
      return nil
    }
    var cancels: [(asset: Int, clientID: ClientOrderID)] = []
    for element in list {
      guard element.hasOnly(["asset", "cloid"]), let asset = element["asset"]?.int,
        let id = element["cloid"]?.string.flatMap({ ClientOrderID($0) })
      else { return nil }
      cancels.append((asset, id))
    }
    self = .cancelByClient(cancels)
  }

  /// How many orders or cancels it carries, at least one.
  var batchCount: Int {
    switch self {
    case .order(let orders, _): max(1, orders.count)
    case .cancel(let cancels): max(1, cancels.count)
    case .cancelByClient(let cancels): max(1, cancels.count)
    default: 1
    }
  }

  var isCancel: Bool {
    switch self {
    case .cancel, .cancelByClient: true
    default: false
    }
  }
}

extension OrderRequest {
  /// Reads one element of an order action; nil where a field is missing, mistyped or unknown.
  fileprivate init?(_ order: JSONValue) {
    guard order.hasOnly(["a", "b", "p", "s", "r", "t", "c"]), let asset = order["a"]?.int,
      let isBuy = order["b"]?.bool, let price = order["p"]?.fixed(Price.self),
      let size = order["s"]?.fixed(Quantity.self), let reduceOnly = order["r"]?.bool,
      let type = order["t"], let kind = Self.kind(type)
    else { return nil }
    var clientID: ClientOrderID?
    if let given = order["c"], !given.isNull {
      guard let id = given.string.flatMap({ ClientOrderID($0) }) else { return nil }
      clientID = id
    }
    self.init(
      asset: asset, side: isBuy ? .buy : .sell, price: price, quantity: size,
      isReduceOnly: reduceOnly, kind: kind, clientID: clientID)
  }

  private static func kind(_ type: JSONValue) -> Kind? {
    guard type.hasOnly(["limit", "trigger"]) else { return nil }
    if let limit = type["limit"], type["trigger"] == nil {
      guard limit.hasOnly(["tif"]), let word = limit["tif"]?.text else { return nil }
      switch word {
      case "Gtc": return .limit(.goodTilCancelled)
      case "Ioc", "FrontendMarket": return .limit(.immediateOrCancel)
      case "Alo": return .limit(.addLiquidityOnly)
      default: return nil
      }
    }
    guard let trigger = type["trigger"], type["limit"] == nil,
      trigger.hasOnly(["isMarket", "triggerPx", "tpsl"]),
      let isMarket = trigger["isMarket"]?.bool,
      let price = trigger["triggerPx"]?.fixed(Price.self), let word = trigger["tpsl"]?.text,
      word == "tp" || word == "sl"
    else { return nil }
    return .trigger(ExchangeTrigger(price: price, isMarket: isMarket, takesProfit: word == "tp"))
  }
}

extension JSONValue {
  /// Whether this is an object whose keys are all among `names`, each at most once.
  func hasOnly(_ names: [StaticString]) -> Bool {
    guard let members else { return false }
    for member in members {
      guard names.contains(where: { member.key == $0 }) else { return false }
    }
    return firstDuplicateKey == nil
  }
}
