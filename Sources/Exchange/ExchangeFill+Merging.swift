import Market

extension [ExchangeFill] {
  /// The executions with those of one crossing order at one time put together, in their order.
  var merged: [ExchangeFill] {
    var merged: [ExchangeFill] = []
    for fill in self {
      if let last = merged.last, let both = last.merged(with: fill) {
        merged[merged.count - 1] = both
      } else {
        merged.append(fill)
      }
    }
    return merged
  }
}

extension ExchangeFill {
  /// This execution and the next as one at their average price; nil where they do not belong
  /// together.
  fileprivate func merged(with next: ExchangeFill) -> ExchangeFill? {
    guard isTaker, next.isTaker, orderID == next.orderID, time == next.time,
      let sum = quantity.checkedAdding(next.quantity)
    else { return nil }
    var taken = Taken()
    taken.add(quantity, at: price)
    taken.add(next.quantity, at: next.price)
    return ExchangeFill(
      account: account, symbol: symbol, side: side, price: taken.average, quantity: sum,
      fee: fee + next.fee, builderFee: builderFee + next.builderFee, orderID: orderID,
      clientID: clientID, tradeID: tradeID, time: time, isTaker: true,
      startPosition: startPosition, closedProfit: closedProfit + next.closedProfit,
      liquidation: liquidation, isDeleveraging: isDeleveraging)
  }
}
