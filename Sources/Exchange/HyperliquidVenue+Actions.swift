import Market
import Risk
import Venues

/// What `/info` or `/exchange` answers.
enum Answer: Sendable {
  case json([UInt8])
  case status(Int, String)

  static let unreadable = Answer.status(
    422, "Failed to deserialize the JSON body into the target type")

  /// A refusal of the whole action: `{"status":"err","response":text}`.
  static func refused(_ text: String) -> Answer {
    var writer = JSONWriter()
    writer.object {
      $0.string("status", "err")
      $0.string("response", text)
    }
    return .json(writer.bytes)
  }

  /// Success without data: `{"status":"ok","response":{"type":type}}`.
  static func done(_ type: String) -> Answer {
    var writer = JSONWriter()
    writer.object {
      $0.string("status", "ok")
      $0.object("response") { $0.string("type", type) }
    }
    return .json(writer.bytes)
  }

  /// Success with one status for each element: `{…"data":{"statuses":[…]}}`.
  static func done(_ type: String, _ statuses: (inout JSONWriter) -> Void) -> Answer {
    var writer = JSONWriter()
    writer.object {
      $0.string("status", "ok")
      $0.object("response") {
        $0.string("type", type)
        $0.object("data") { $0.array("statuses", statuses) }
      }
    }
    return .json(writer.bytes)
  }
}

extension HyperliquidVenue {
  /// Answers one envelope of `/exchange`; the order of the checks is the documented one.
  mutating func exchange(_ envelope: JSONValue) -> Answer {
    guard
      envelope.hasOnly(["action", "nonce", "signature", "vaultAddress", "expiresAfter"]),
      let action = envelope["action"], let nonce = envelope["nonce"]?.uint64,
      let signature = envelope["signature"], signature.hasOnly(["r", "s", "v"]),
      let r = signature["r"]?.string, let s = signature["s"]?.string,
      let v = signature["v"]?.uint64,
      let request = ActionRequest(action, markets: markets.count)
    else { return .unreadable }
    var vault: AccountAddress?
    if let given = envelope["vaultAddress"], !given.isNull {
      guard let text = given.text, let address = AccountAddress(text) else { return .unreadable }
      vault = address
    }
    var expiry: UInt64?
    if let given = envelope["expiresAfter"], !given.isNull {
      guard let milliseconds = given.uint64 else { return .unreadable }
      expiry = milliseconds
    }
    let signed = SignedRequest(
      action: action, nonce: nonce, vault: vault, expiresAfter: expiry, r: r, s: s, v: v)
    let candidates = verifier.signers(of: signed)
    guard let address = candidates.first(where: { signers[$0] != nil }) ?? candidates.first else {
      return .refused("Unable to recover signer.")
    }
    if let expiry, expiry < UInt64(max(0, clock.milliseconds)) {
      if let signer = signers[address] { ledger[signer.account].actionsUsed += 5 }
      return .refused("Action already expired")
    }
    guard var signer = signers[address] else {
      return .refused("User or API Wallet \(address) does not exist.")
    }
    if let vault, vault != ledger[signer.account].address {
      return .refused("Vault not registered: \(vault)")
    }
    if let fault = signer.nonces.admit(nonce, at: clock) { return .refused(fault) }
    signers[address] = signer
    if let refusal = budgetRefusal(signer.account, request) { return .refused(refusal) }
    return perform(request, of: signer.account)
  }

  /// The address budget: its first actions, then one for each dollar traded, then one each 10 s.
  private mutating func budgetRefusal(_ account: Int, _ request: ActionRequest) -> String? {
    let count = Int64(request.batchCount)
    let used = ledger[account].actionsUsed
    if let limits = configuration.rateLimits {
      let traded = ledger[account].volume.steps / Money.stepsPerWhole
      let base = limits.initialActions + traded
      let cap = request.isCancel ? min(base + 100_000, base * 2) : base
      let slow = ledger[account].nextSlowAction ?? clock
      if used + count > cap, slow > clock {
        return "Too many cumulative requests sent (\(used + count) > \(cap)) for cumulative "
          + "volume traded $\(ledger[account].volume.description). Place taker orders to free up "
          + "1 request per USDC traded."
      }
      if used + count > cap { ledger[account].nextSlowAction = clock + .seconds(10) }
    }
    ledger[account].actionsUsed = used + count
    return nil
  }

  private mutating func perform(_ request: ActionRequest, of account: Int) -> Answer {
    switch request {
    case .order(let requests, let grouping): return place(requests, grouping, of: account)
    case .cancel(let cancels):
      let done = cancels.map { cancelByOwner($0.id, asset: $0.asset, of: account) }
      return cancelled(done, cancels.map(\.asset))
    case .cancelByClient(let cancels):
      let done = cancels.map { item in
        let key = ClientKey(account: account, clientID: item.clientID)
        guard let id = orderOfClient[key] else { return false }
        return cancelByOwner(id, asset: item.asset, of: account)
      }
      return cancelled(done, cancels.map(\.asset))
    case .updateLeverage(let asset, let isCross, let leverage):
      return setLeverage(leverage, isCross: isCross, asset: asset, of: account)
    case .scheduleCancel(let time): return scheduleCancel(time, of: account)
    case .noop: return .done("default")
    case .unsupported(let type): return .refused("Action \(type) is not simulated.")
    }
  }

  private mutating func cancelByOwner(_ id: UInt64, asset: Int, of account: Int) -> Bool {
    guard let order = orders[id], order.accountIndex == account, order.asset == asset else {
      return false
    }
    return cancel(id, .canceled)
  }

  private func cancelled(_ done: [Bool], _ assets: [Int]) -> Answer {
    .done("cancel") { writer in
      for (isDone, asset) in zip(done, assets) {
        if isDone {
          writer.string("success")
        } else {
          writer.object { $0.string("error", ErrorText.gone + " asset=\(asset)") }
        }
      }
    }
  }

  private mutating func setLeverage(
    _ leverage: Int64, isCross: Bool, asset: Int, of account: Int
  ) -> Answer {
    guard markets.indices.contains(asset),
      (1...markets[asset].instrument.maximumLeverage).contains(leverage)
    else { return .refused("Invalid leverage value") }
    guard isCross else { return .refused("Isolated margin is not simulated.") }
    let before = ledger[account].positions[asset].leverage
    ledger[account].positions[asset].leverage = leverage
    if leverage < before, marginUsed(account) > accountValue(account) {
      ledger[account].positions[asset].leverage = before
      return .refused(
        "Cross position does not have sufficient margin available to decrease leverage.")
    }
    for id in ledger[account].openOrders.elements { refreshReservation(id, asset) }
    return .done("default")
  }

  private mutating func refreshReservation(_ id: UInt64, _ asset: Int) {
    guard var order = orders[id], order.asset == asset, !order.reserved.isZero else { return }
    let needed = reservation(for: order)
    ledger[order.accountIndex].reserved += needed - order.reserved
    order.reserved = needed
    orders[id] = order
  }

  private mutating func scheduleCancel(_ time: UInt64?, of account: Int) -> Answer {
    guard let time else {
      ledger[account].scheduledCancel = nil
      return .done("default")
    }
    let required = configuration.scheduleCancelVolume
    guard ledger[account].volume >= required else {
      return .refused(
        "Cannot set scheduled cancel time until enough volume traded. Required: "
          + "$\(required.description). Traded: $\(ledger[account].volume.description).")
    }
    guard let milliseconds = Int64(exactly: time),
      let due = Instant(exactlyMilliseconds: milliseconds), due >= clock + .seconds(5)
    else {
      return .refused("Scheduled cancel time too early, must be at least 5 seconds from now.")
    }
    let day = clock.nanoseconds.floorDivided(by: Interval.days(1).nanoseconds)
    if ledger[account].scheduledCancels.day != day {
      ledger[account].scheduledCancels = (day, 0)
    }
    guard ledger[account].scheduledCancels.count < 10 else {
      return .refused("Too many scheduled cancel triggers today.")
    }
    ledger[account].scheduledCancel = due
    return .done("default")
  }
}
