import Risk

/// What the words of the gate's theorems mean, in plain arithmetic over what goes in.
extension Scene {
  var isApproved: Bool { verdict == "APPROVED" }

  /// How far `price` lies from `other` in the direction that the trade earns in.
  func gain(_ price: String, over other: String) -> Integer {
    truth("isLong").choose(self(price) - self(other), self(other) - self(price))
  }

  /// What a coin loses between entry and stop with slippage and fees on both, in steps times 1e5.
  var lossPerCoin: Integer {
    let (entry, stop) = (self("entry"), self("stop"))
    let fee = self("takerFeeTenthsOfBasisPoint")
    let distance = (entry < stop).choose(stop - entry, entry - stop)
    return distance * 100_000
      + entry * (self("entrySlippageBasisPoints") * 10 + fee)
      + stop * (self("stopSlippageBasisPoints") * 10 + fee)
  }

  /// What stands in the way of a number that must not leave its type.
  var isMalformed: Proposition {
    let prices = ["entry", "fillEstimate", "worstPrice", "stop", "target"]
    let areSane = prices.map { self($0).isWithin(1...Bounds.largestPrice) }.reduce(always, &&)
    let amounts = ["heat", "grossNotional", "symbolRisk", "minimumNotional", "slotsInUse"]
    let areNatural = amounts.map { self($0) >= 0 }.reduce(always, &&)
    let positive = ["dayStartEquity", "sessionStartEquity", "slots", "lot", "venueLeverage"]
    let arePositive = positive.map { self($0) >= 1 }.reduce(always, &&)
    let isBounded =
      self("equity") <= Bounds.largestMoney && self("slots") <= Bounds.largestCount
    return !(areSane && areNatural && arePositive && isBounded)
  }

  /// Equity is at or past the session's drawdown, or an earlier one still pauses.
  var isDrawnDown: Proposition {
    let (first, peak) = (self("sessionStartEquity"), self("highWaterEquity"))
    let reference = truth("usesHighWater").choose(peak.larger(first), first)
    let floor = reference * (-self("sessionDrawdownBasisPoints") + 10_000)
    return truth("isPausedByDrawdown") || self("equity") * 10_000 <= floor
  }

  /// Equity is at or past the day's loss, or was.
  var isPastDayLoss: Proposition {
    let floor = self("dayStartEquity") * (-self("dayLossBasisPoints") + 10_000)
    return truth("isStoppedForDay") || self("equity") * 10_000 <= floor
  }

  /// The reasons against a trade in the order of ``RejectReason``, up to what sizing decides.
  var reasons: [(reason: RejectReason, applies: Proposition)] {
    let own = truth("isLong").choose(self("longExposure"), self("shortExposure"))
    let other = truth("isLong").choose(self("shortExposure"), self("longExposure"))
    let isExclusive = truth("isExclusive")
    let fill = self("fillEstimate")
    let risk = gain("fillEstimate", over: "stop")
    let reward = gain("target", over: "fillEstimate")
    let decided = gain("entry", over: "stop")
    let promised = gain("target", over: "entry")
    let collar = self("entry") * self("entrySlippageBasisPoints")
    return [
      (.malformed, isMalformed),
      (.killSwitch, truth("isKilled")),
      (.pausedLatency, self("now") < self("pausedLatency")),
      (.pausedOrderFailures, self("now") < self("pausedOrderFailures")),
      (.pausedStaleFeed, self("now") < self("pausedStaleFeed")),
      (.pausedRateLimit, self("now") < self("pausedRateLimit")),
      (.sessionDrawdown, isDrawnDown),
      (.dayLoss, isPastDayLoss),
      (.orderRate, self("ordersInWindow") >= self("maximumOrdersPerMinute")),
      (.symbolNotPermitted, !truth("isPermitted")),
      (.driftAlert, truth("isDriftAlertOpen")),
      (.staleData, self("dataAge") >= self("dataAgeBound")),
      (.signalExpired, self("now") > self("validUntil")),
      (.opposesOpenPosition, isExclusive && other > 0),
      (.duplicateExposure, truth("hasOwnExposure") || (isExclusive && own > 0)),
      (.maximumPositions, self("slotsInUse") + self("slots") > self("maximumPositionCount")),
      (.badGeometry, !(risk > 0 && reward > 0 && decided > 0)),
      (.stopTooTight, risk * 10_000 < fill * self("minimumStopDistanceBasisPoints")),
      (.stopTooWide, risk * 10_000 > fill * self("maximumStopDistanceBasisPoints")),
      (
        .rewardToRisk,
        promised * 10_000 < decided * self("minimumRewardToRiskTenThousandths")
          || reward * 10_000 < risk * self("minimumFillRewardToRiskTenThousandths")
      ),
      (
        .priceCollar,
        gain("worstPrice", over: "entry") * 10_000 > collar
          || gain("fillEstimate", over: "entry") * 10_000 > collar
      ),
      (.portfolioHeat, heatRoom <= 0),
      (.symbolRisk, symbolRoom <= 0),
      (.leverage, notionalRoom <= 0),
    ]
  }

  /// One basis point of equity, rounded down to a step.
  var point: Integer { self("equity").floorQuotient(by: 10_000) }
  /// Money at risk that the portfolio may still take.
  var heatRoom: Integer { point * self("portfolioHeatBasisPoints") - self("heat") }
  /// Money at risk that the symbol may still take.
  var symbolRoom: Integer { point * self("symbolRiskBasisPoints") - self("symbolRisk") }
  /// Notional that may still be added.
  var notionalRoom: Integer {
    self("equity") * self("maximumLeverageTimes").smaller(self("venueLeverage"))
      - self("grossNotional")
  }

  /// Whether `quantity` stays within the trade's budget, the rooms and the largest quantity.
  func fits(_ quantity: Integer) -> Proposition {
    let budget = (point * self("riskPerTradeBasisPoints")).smaller(heatRoom).smaller(symbolRoom)
    let room = notionalRoom.smaller(constant(Bounds.largestMoney))
    let dearest = self("entry").larger(self("worstPrice"))
    return quantity * lossPerCoin <= budget * 10_000_000_000_000
      && quantity * dearest <= room * 100_000_000
      && quantity <= Bounds.largestQuantity
  }

  /// Whether `quantity` is worth less than the venue's smallest order.
  func isTooCheap(_ quantity: Integer) -> Proposition {
    quantity * self("entry").smaller(self("worstPrice")) < self("minimumNotional") * 100_000_000
  }

  /// Any whole number of lots: a variable of the theorem times the lot.
  var anyLots: (count: Integer, quantity: Integer) {
    let count = self("lots")
    return (count, count * self("lot"))
  }
}
