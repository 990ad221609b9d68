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
      let request = ActionRequest(action)
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
    if request.isUserSigned {
      if let text = userSignedRefusal(signed) { return .refused(text) }
      // Ours: what the live venue says here was not captured.
      guard expiry == nil else { return .refused("Only L1 actions may carry expiresAfter.") }
    }
    let candidates = verifier.signers(of: signed)
    guard let address = candidates.first(where: { signers[$0] != nil }) ?? candidates.first else {
      return .refused("Unable to recover signer.")
    }
    if let expiry, expiry < UInt64(max(0, clock.milliseconds)) {
      if let signer = signers[address] { ledger[signer.account].actionsUsed += 5 }
      return .refused("Action already expired")
    }
    openAccount(address)
    guard var signer = signer(at: address), !(signer.isAgent && request.isUserSigned) else {
      return .refused(
        request.isUserSigned
          ? "Must deposit before performing actions. User: \(address)"
          : "User or API Wallet \(address) does not exist.")
    }
    if let vault, vault != ledger[signer.account].address {
      return .refused("Vault not registered: \(vault)")
    }
    if let fault = signer.nonces.admit(nonce, at: clock) { return .refused(fault) }
    signers[address] = signer
    if let refusal = budgetRefusal(signer.account, request) { return .refused(refusal) }
    return perform(request, of: signer.account)
  }

  /// What is wrong with an action that is signed field by field, besides its signature.
  private func userSignedRefusal(_ request: SignedRequest) -> String? {
    let chain = request.action["hyperliquidChain"]?.string.flatMap {
      SigningNetwork(chainName: $0)
    }
    guard let chain, verifier.networks.contains(chain) else {
      return "Mainnet and testnet require different signature."
    }
    let nonce = (request.action["nonce"] ?? request.action["time"])?.uint64
    return nonce == request.nonce ? nil : "Nonce mismatch."
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
    case .order(let requests, let grouping, let builder):
      return place(requests, grouping, builder, of: account)
    case .cancel(let cancels, let isFast):
      let done = cancels.map { cancel($0, isFast: isFast, of: account) }
      return cancelled(done, cancels.map(\.asset))
    case .modify(let changes, let always, true):
      return modify(batch: changes, always: always, of: account)
    case .modify(let changes, let always, false):
      guard let change = changes.first else { return .unreadable }
      return modify(one: change, always: always, of: account)
    case .updateLeverage(let asset, let isCross, let leverage):
      return setLeverage(leverage, isCross: isCross, asset: asset, of: account)
    case .updateIsolatedMargin(let asset, let amount):
      return addMargin(amount, asset: asset, of: account)
    case .scheduleCancel(let time): return scheduleCancel(time, of: account)
    case .moveBetweenWallets(let amount, let toPerpetuals):
      return move(amount, toPerpetuals: toPerpetuals, of: account)
    case .moveOfSubAccount(let address): return .refused("Vault not registered: \(address)")
    case .send(let amount, let destination): return send(amount, to: destination, of: account)
    case .withdraw(let amount, let nonce): return withdraw(amount, nonce: nonce, of: account)
    case .approveAgent(let agent, let name): return approve(agent, named: name, of: account)
    case .approveBuilder(let builder, let rate):
      return approve(builder, upTo: rate, of: account)
    case .setReferrer: return .refused("Referral code not registered")
    case .noop: return .done("default")
    case .unsupported(let type): return .refused("Action \(type) is not simulated.")
    }
  }

  /// Cancels one order; the text where it cannot.
  private mutating func cancel(
    _ request: CancelRequest, isFast: Bool, of account: Int
  ) -> String? {
    let id: UInt64? =
      switch request.target {
      case .id(let id): id
      case .clientID(let id): orderOfClient[ClientKey(account: account, clientID: id)]
      }
    if isFast, let order = id.flatMap({ orders[$0] }), order.accountIndex == account,
      order.trigger != nil
    {
      return ErrorText.fastCancel
    }
    let isDone = id.map { cancelByOwner($0, asset: request.asset, of: account) } ?? false
    return isDone ? nil : ErrorText.gone
  }

  mutating func cancelByOwner(_ id: UInt64, asset: Int, of account: Int) -> Bool {
    guard let order = orders[id], order.accountIndex == account, order.asset == asset else {
      return false
    }
    return cancel(id, .canceled)
  }

  private func cancelled(_ refusals: [String?], _ assets: [Int]) -> Answer {
    .done("cancel") { writer in
      for (refusal, asset) in zip(refusals, assets) {
        if let refusal {
          writer.object { $0.string("error", refusal + " asset=\(asset)") }
        } else {
          writer.string("success")
        }
      }
    }
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
    guard ledger[account].scheduledCancels(at: clock) < 10 else {
      return .refused("Too many scheduled cancel triggers today.")
    }
    ledger[account].scheduledCancel = due
    return .done("default")
  }
}
