import Market
import Risk
import Venues

extension HyperliquidVenue {
  /// Places a batch; a static fault of one order refuses them all with one status.
  mutating func place(
    _ requests: [OrderRequest], _ grouping: OrderGrouping, _ builder: BuilderFee?,
    of account: Int
  ) -> Answer {
    guard !requests.isEmpty else { return single(ErrorText.empty) }
    if let builder, builder.rate > largestFee(of: builder.builder, from: account) {
      return single(ErrorText.builder)
    }
    builderRateOfOrders = builder?.rate ?? 0
    defer { builderRateOfOrders = 0 }
    if let text = shapeFault(requests, grouping) { return single(text) }
    for request in requests {
      if let text = staticFault(request, of: account, grouping: grouping) {
        return single(text + " asset=\(request.asset)")
      }
    }
    var verdicts: [(OrderVerdict, asset: Int, id: UInt64)] = []
    if grouping == .normalTriggers {
      verdicts = placeFamily(requests, of: account)
    } else {
      var placed: [UInt64] = []
      for request in requests {
        let verdict = place(request, of: account, grouping: grouping)
        verdicts.append((verdict, request.asset, nextOrderID))
        if verdict == .waitingForTrigger { placed.append(nextOrderID) }
      }
      pair(placed)
    }
    return .done("order") { writer in
      for (verdict, asset, id) in verdicts { write(verdict, asset, id, to: &writer) }
    }
  }

  func single(_ text: String) -> Answer {
    .done("order") { writer in writer.object { $0.string("error", text) } }
  }

  /// What is wrong with how the orders of a group belong together; nil where nothing is.
  private func shapeFault(_ requests: [OrderRequest], _ grouping: OrderGrouping) -> String? {
    guard grouping != .none else { return nil }
    guard grouping != .priority else {
      let isServed =
        requests.allSatisfy { $0.timeInForce == .immediateOrCancel }
        || requests.allSatisfy { $0.timeInForce == .addLiquidityOnly && !$0.isReduceOnly }
      return isServed ? nil : ErrorText.priority
    }
    func isTrigger(_ request: OrderRequest) -> Bool {
      if case .trigger = request.kind { true } else { false }
    }
    var triggers = requests[...]
    if grouping == .normalTriggers {
      guard !isTrigger(requests[0]) else { return ErrorText.mainTrigger }
      triggers = requests.dropFirst()
    }
    guard (1...2).contains(triggers.count), triggers.allSatisfy(isTrigger),
      triggers.allSatisfy(\.isReduceOnly)
    else { return ErrorText.triggerCount }
    return nil
  }

  /// Places a parent and its children, which wait for it and cancel one another.
  private mutating func placeFamily(
    _ requests: [OrderRequest], of account: Int
  ) -> [(OrderVerdict, asset: Int, id: UInt64)] {
    // The children are made first, so that the parent's fill finds them.
    let parent = nextOrderID + UInt64(requests.count)
    var children: [UInt64] = []
    var verdicts: [(OrderVerdict, asset: Int, id: UInt64)] = []
    for request in requests.dropFirst() {
      let verdict = place(request, of: account, grouping: .normalTriggers, parent: parent)
      verdicts.append((verdict, request.asset, nextOrderID))
      if verdict == .waitingForFill { children.append(nextOrderID) }
    }
    pair(children)
    nextOrderID = parent - 1
    childrenOfNextOrder = children
    let main = place(requests[0], of: account)
    childrenOfNextOrder = []
    if case .refused = main {
      for child in children { cancel(child, .canceled) }
    }
    for index in verdicts.indices where verdicts[index].0 == .waitingForFill {
      if let child = orders[verdicts[index].id], child.isOpen, child.parent == nil {
        verdicts[index].0 = .waitingForTrigger
      }
    }
    return [(main, requests[0].asset, parent)] + verdicts
  }

  private mutating func pair(_ ids: [UInt64]) {
    guard ids.count == 2 else { return }
    orders[ids[0]]?.sibling = ids[1]
    orders[ids[1]]?.sibling = ids[0]
  }

  func write(
    _ verdict: OrderVerdict, _ asset: Int, _ id: UInt64, to writer: inout JSONWriter
  ) {
    let clientID = orders[id]?.clientID
    switch verdict {
    case .resting(let id):
      writer.object {
        $0.object("resting") {
          $0.integer("oid", id)
          if let clientID { $0.string("cloid", clientID.description) }
        }
      }
    case .filled(let quantity, let average, let id):
      writer.object {
        $0.object("filled") {
          $0.decimal("totalSz", quantity, places: 1)
          $0.decimal("avgPx", average, places: 1)
          $0.integer("oid", id)
          if let clientID { $0.string("cloid", clientID.description) }
        }
      }
    case .refused(let text): writer.object { $0.string("error", text + " asset=\(asset)") }
    case .waitingForFill: writer.string("waitingForFill")
    case .waitingForTrigger: writer.string("waitingForTrigger")
    }
  }
}
