import Market
import Risk
import Venues

extension ActionRequest {
  /// Reads an action, refusing fields that it does not know; nil is an HTTP 422.
  init?(_ action: JSONValue) {
    guard let type = action["type"]?.text else { return nil }
    switch type {
    case "order": self.init(order: action)
    case "cancel": self.init(cancel: action)
    case "cancelByCloid": self.init(cancelByClient: action)
    case "modify": self.init(modify: action)
    case "batchModify": self.init(batchModify: action)
    case "updateLeverage", "updateIsolatedMargin": self.init(margin: action, String(type))
    case "scheduleCancel": self.init(schedule: action)
    case "usdClassTransfer", "approveAgent", "approveBuilderFee", "usdSend", "withdraw3":
      self.init(userSigned: action, String(type))
    case "setReferrer":
      guard action.hasOnly(["type", "code"]), action["code"]?.text != nil else { return nil }
      self = .setReferrer
    case "noop":
      guard action.hasOnly(["type"]) else { return nil }
      self = .noop
    case "twapOrder", "twapCancel", "vaultTransfer", "subAccountTransfer", "createSubAccount",
      "subAccountSpotTransfer", "createVault", "reserveRequestWeight", "spotSend", "sendAsset",
      "tokenDelegate", "userSetAbstraction", "agentSetAbstraction":
      self = .unsupported(String(type))
    default: return nil
    }
  }

  private init?(order action: JSONValue) {
    guard action.hasOnly(["type", "orders", "grouping", "builder"]),
      let list = action["orders"]?.elements, let word = action["grouping"]
    else { return nil }
    var orders: [OrderRequest] = []
    for element in list {
      guard let order = OrderRequest(element) else { return nil }
      orders.append(order)
    }
    var builder: BuilderFee?
    if let given = action["builder"], !given.isNull {
      guard given.hasOnly(["b", "f"]), let rate = given["f"]?.int64, rate >= 0,
        let address = given["b"]?.text.flatMap({ AccountAddress($0) })
      else { return nil }
      builder = BuilderFee(builder: address, rate: rate)
    }
    guard let grouping = OrderGrouping(word) else { return nil }
    self = .order(orders, grouping, builder)
  }

  private init?(cancel action: JSONValue) {
    guard action.hasOnly(["type", "cancels", "f"]), let list = action["cancels"]?.elements,
      let isFast = action.flag("f")
    else { return nil }
    var cancels: [CancelRequest] = []
    for element in list {
      guard element.hasOnly(["a", "o"]), let asset = element["a"]?.int,
        let id = element["o"]?.uint64
      else { return nil }
      cancels.append(CancelRequest(asset: asset, target: .id(id)))
    }
    self = .cancel(cancels, isFast: isFast)
  }

  private init?(cancelByClient action: JSONValue) {
    guard action.hasOnly(["type", "cancels", "f"]), let list = action["cancels"]?.elements,
      let isFast = action.flag("f")
    else { return nil }
    var cancels: [CancelRequest] = []
    for element in list {
      guard element.hasOnly(["asset", "cloid"]), let asset = element["asset"]?.int,
        let id = element["cloid"]?.string.flatMap({ ClientOrderID($0) })
      else { return nil }
      cancels.append(CancelRequest(asset: asset, target: .clientID(id)))
    }
    self = .cancel(cancels, isFast: isFast)
  }

  private init?(modify action: JSONValue) {
    guard action.hasOnly(["type", "oid", "order", "a"]), let always = action.flag("a"),
      let change = Modification(action)
    else { return nil }
    self = .modify([change], always: always, isBatch: false)
  }

  private init?(batchModify action: JSONValue) {
    guard action.hasOnly(["type", "modifies", "a"]), let list = action["modifies"]?.elements,
      let always = action.flag("a")
    else { return nil }
    var changes: [Modification] = []
    for element in list {
      guard element.hasOnly(["oid", "order"]), let change = Modification(element) else {
        return nil
      }
      changes.append(change)
    }
    self = .modify(changes, always: always, isBatch: true)
  }

  private init?(margin action: JSONValue, _ type: String) {
    guard let asset = action["asset"]?.int else { return nil }
    guard type == "updateIsolatedMargin" else {
      guard action.hasOnly(["type", "asset", "isCross", "leverage"]),
        let isCross = action["isCross"]?.bool, let leverage = action["leverage"]?.int64
      else { return nil }
      self = .updateLeverage(asset: asset, isCross: isCross, leverage: leverage)
      return
    }
    // Millionths of a dollar; `isBuy` says nothing where a position is one way only.
    guard action.hasOnly(["type", "asset", "isBuy", "ntli"]), action["isBuy"]?.bool != nil,
      let amount = action["ntli"]?.int64
    else { return nil }
    let (steps, isTooLarge) = amount.multipliedReportingOverflow(by: 100)
    guard !isTooLarge, steps.magnitude <= Money(whole: 10_000_000_000).steps else { return nil }
    self = .updateIsolatedMargin(asset: asset, amount: Money(steps: steps))
  }

  private init?(schedule action: JSONValue) {
    guard action.hasOnly(["type", "time"]) else { return nil }
    guard let time = action["time"], !time.isNull else {
      self = .scheduleCancel(nil)
      return
    }
    guard let milliseconds = time.uint64 else { return nil }
    self = .scheduleCancel(milliseconds)
  }

  private init?(userSigned action: JSONValue, _ type: String) {
    let envelope: [StaticString] = ["type", "signatureChainId", "hyperliquidChain", "nonce"]
    switch type {
    case "usdClassTransfer":
      guard action.hasOnly(envelope + ["amount", "toPerp"]),
        let isToPerpetuals = action["toPerp"]?.bool, let text = action["amount"]?.string
      else { return nil }
      if let mark = text.firstRange(of: " subaccount:") {
        guard let address = AccountAddress(String(text[mark.upperBound...])) else { return nil }
        self = .moveOfSubAccount(address)
        return
      }
      guard let amount = action["amount"]?.fixed(Money.self),
        amount.magnitude <= Money(whole: 10_000_000_000)
      else { return nil }
      self = .moveBetweenWallets(amount: amount, toPerpetuals: isToPerpetuals)
    case "usdSend", "withdraw3":
      guard
        action.hasOnly([
          "type", "signatureChainId", "hyperliquidChain", "time", "destination", "amount",
        ]),
        let amount = action["amount"]?.fixed(Money.self),
        amount.magnitude <= Money(whole: 10_000_000_000),
        let destination = action["destination"]?.text.flatMap({ AccountAddress($0) })
      else { return nil }
      self =
        type == "usdSend"
        ? .send(amount: amount, to: destination)
        : .withdraw(amount: amount, nonce: action["time"]?.uint64 ?? 0)
    case "approveAgent":
      guard action.hasOnly(envelope + ["agentAddress", "agentName"]),
        let agent = action["agentAddress"]?.text.flatMap({ AccountAddress($0) })
      else { return nil }
      guard let name = action["agentName"], !name.isNull else {
        self = .approveAgent(agent, name: nil)
        return
      }
      guard let text = name.string else { return nil }
      self = .approveAgent(agent, name: text)
    default:
      guard action.hasOnly(envelope + ["maxFeeRate", "builder"]),
        let builder = action["builder"]?.text.flatMap({ AccountAddress($0) }),
        let rate = action["maxFeeRate"]?.string.flatMap(Self.tenthsOfBasisPoint)
      else { return nil }
      self = .approveBuilder(builder, rate: rate)
    }
  }

  /// A rate like `0.001%` in tenths of a basis point, of which that is one; nil where it is none or
  /// finer.
  static func tenthsOfBasisPoint(_ text: String) -> Int64? {
    guard text.utf8.last == UInt8(ascii: "%"),
      let percent = try? Money(decimal: String(text.dropLast()))
    else { return nil }
    let tenth = Money.stepsPerWhole / 1_000
    guard percent >= .zero, percent.steps % tenth == 0 else { return nil }
    return percent.steps / tenth
  }
}

extension OrderGrouping {
  /// Reads `"na"`, `"normalTpsl"`, `"positionTpsl"`, or `{"p":n}`, which pays for priority and
  /// groups nothing.
  fileprivate init?(_ value: JSONValue) {
    guard let word = value.text else {
      guard value.hasOnly(["p"]), let fee = value["p"]?.int64, fee >= 0 else { return nil }
      self = .priority
      return
    }
    switch word {
    case "na": self = .none
    case "normalTpsl": self = .normalTriggers
    case "positionTpsl": self = .positionTriggers
    default: return nil
    }
  }
}

extension Modification {
  fileprivate init?(_ value: JSONValue) {
    guard let oid = value["oid"], let order = value["order"].flatMap({ OrderRequest($0) }) else {
      return nil
    }
    if let id = oid.uint64 {
      self.init(target: .id(id), order: order)
    } else if let id = oid.string.flatMap({ ClientOrderID($0) }) {
      self.init(target: .clientID(id), order: order)
    } else {
      return nil
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
      case "Ioc": return .limit(.immediateOrCancel)
      case "FrontendMarket": return .market
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
  /// Whether this is an object whose keys are all among `names`.
  func hasOnly(_ names: [StaticString]) -> Bool {
    guard let members else { return false }
    return members.allSatisfy { member in names.contains { member.key == $0 } }
  }

  /// A member that is true, or false where it is left out; nil where it is neither.
  func flag(_ name: StaticString) -> Bool? {
    guard let value = self[name], !value.isNull else { return false }
    return value.bool
  }
}
