import Market
import Risk
import Venues

extension HyperliquidVenue {
  /// Answers a batch: one status for each.
  mutating func modify(
    batch changes: [Modification], always: Bool, of account: Int
  ) -> Answer {
    guard !changes.isEmpty else { return single(ErrorText.empty) }
    var verdicts: [(OrderVerdict, asset: Int, id: UInt64)] = []
    for change in changes {
      let verdict = modify(change, always: always, of: account)
      verdicts.append((verdict, change.order.asset, nextOrderID))
    }
    return .done("order") { writer in
      for (verdict, asset, id) in verdicts { write(verdict, asset, id, to: &writer) }
    }
  }

  /// Answers a single modification, whose refusal is that of the whole action.
  mutating func modify(
    one change: Modification, always: Bool, of account: Int
  ) -> Answer {
    if case .refused(let text) = modify(change, always: always, of: account) {
      return .refused(text)
    }
    return .done("default")
  }

  /// Cancels an order and places another; the new one has a new id.
  ///
  /// Without `always` the new order must be post-only, or one that rests, which then becomes
  /// post-only; and it is not placed where the old one was gone. What cannot be meant is refused
  /// before the old order is touched.
  private mutating func modify(
    _ change: Modification, always: Bool, of account: Int
  ) -> OrderVerdict {
    var request = change.order
    if let text = staticFault(request, of: account) { return .refused(text) }
    if !always {
      switch request.kind {
      case .limit(.addLiquidityOnly): break
      case .limit(.goodTilCancelled): request = request.postOnly
      case .limit(.immediateOrCancel), .market, .trigger: return .refused(ErrorText.modifyKind)
      }
      if let text = matchRefusal(of: request) { return .refused(text) }
    }
    let old: UInt64? =
      switch change.target {
      case .id(let id): id
      case .clientID(let id): orderOfClient[ClientKey(account: account, clientID: id)]
      }
    let isGone = !(old.map { cancelByOwner($0, asset: request.asset, of: account) } ?? false)
    if isGone, !always { return .refused(ErrorText.modifyGone) }
    let verdict = place(request, of: account)
    guard case .refused(let text) = verdict else { return verdict }
    return .refused("Error placing new order during modify: " + text)
  }

  /// What a post-only order at this price is told; nil where it would rest.
  private func matchRefusal(of request: OrderRequest) -> String? {
    let market = markets[request.asset]
    guard let best = market.bestPrice(request.side.opposite),
      (best.steps - request.price.steps) * request.side.sign <= 0
    else { return nil }
    return "Error placing new order during modify: "
      + ErrorText.wouldMatch(market.bestPrice(.buy), market.bestPrice(.sell))
  }
}

extension OrderRequest {
  /// The same order, which only rests.
  fileprivate var postOnly: OrderRequest {
    OrderRequest(
      asset: asset, side: side, price: price, quantity: quantity, isReduceOnly: isReduceOnly,
      kind: .limit(.addLiquidityOnly), clientID: clientID)
  }
}
