import Risk

/// Breakers, kill switch, references of losses, drift.
enum SafetyTheorems {
  static let all: [Theorem] = [
    latch, measuredTrips, failuresTrip, rateLimitsTrip, collapse, references, drift,
  ]

  static let latch = Theorem(
    id: "kill-switch-latch",
    statement: """
      After the kill switch was engaged it stays engaged whatever happens, until an operator lifts \
      it.
      """,
    rules: KillSwitchEvent.allCases.map { KillSwitchRule(event: $0) },
    claim: { scene in
      let (before, after) = (scene.truth("isEngaged"), scene.resultTruth("isEngaged"))
      switch scene.verdict {
      case "engaged": return after
      case "lifted": return !after
      default: return after.matches(before)
      }
    })

  static let measuredTrips = Theorem(
    id: "level-trips",
    statement: """
      A round trip or a feed's age at or past its threshold pauses entries in the same step, for \
      the whole pause and never for less than an earlier one; below it nothing changes.
      """,
    rules: [MeasuredRule()],
    claim: { scene in
      let isSane =
        scene.isBreakerSane && scene("level").isWithin(0...Bounds.latestInstant)
        && scene("threshold").isWithin(1...Bounds.latestInstant)
      return scene.breaker(
        isSane: isSane, trips: scene("level") >= scene("threshold"), kept: scene("count"),
        tripped: scene("count"), window: scene("windowStart"))
    })

  static let failuresTrip = Theorem(
    id: "failures-trip",
    statement: """
      The failure that makes the count reach its threshold pauses entries in the same step and \
      begins the count again; an earlier one only counts.
      """,
    rules: [OrderFailedRule()],
    claim: { scene in
      let count = scene("count") + 1
      return scene.breaker(
        isSane: scene.isBreakerSane && scene("threshold").isWithin(1...Bounds.largestCount),
        trips: count >= scene("threshold"), kept: count, tripped: scene.constant(0),
        window: scene("windowStart"))
    })

  static let rateLimitsTrip = Theorem(
    id: "rate-limits-trip",
    statement: """
      The rate-limit answer that makes the count within its window reach the threshold pauses \
      entries in the same step; a window opens with the first answer after the last one closed.
      """,
    rules: [RateLimitedRule()],
    claim: { scene in
      let (now, start) = (scene("now"), scene("windowStart"))
      let isOver = now >= start + scene("window") || now < start || scene("count") == 0
      let count = isOver.choose(scene.constant(1), scene("count") + 1)
      return scene.breaker(
        isSane: scene.isBreakerSane && scene("threshold").isWithin(1...Bounds.largestCount)
          && scene("window").isWithin(1...Bounds.latestInstant),
        trips: count >= scene("threshold"), kept: count, tripped: scene.constant(0),
        window: isOver.choose(now, start))
    })

  static let collapse = Theorem(
    id: "escalation-exact",
    statement: """
      The kill switch is asked for exactly where equity is at or below what the collapse leaves of \
      the session's first equity, or reconciliation failed as often as its threshold.
      """,
    rules: [EscalationRule()],
    claim: { scene in
      let (equity, reference) = (scene("equity"), scene("reference"))
      let isSane =
        equity.isWithin(-Bounds.largestMoney...Bounds.largestMoney)
        && reference.isWithin(1...Bounds.largestMoney) && scene("collapse").isWithin(1...10_000)
      let isCollapsed =
        isSane && equity * 10_000 <= reference * (-scene("collapse") + 10_000)
      let hasFailed = scene("failures") >= scene("threshold")
      switch scene.verdict {
      case KillCause.balanceCollapse.name: return isCollapsed
      case KillCause.reconciliationFailures.name: return !isCollapsed && hasFailed
      default: return !isCollapsed && !hasFailed
      }
    })

  static let references = Theorem(
    id: "high-water-never-falls",
    statement: """
      The high-water mark follows equity up and never falls; a new day moves the day's reference \
      alone, a new session the session's.
      """,
    rules: ReferencesRule.Event.allCases.map { ReferencesRule(event: $0) },
    claim: { scene in
      let equity = scene("equity")
      let isDay = scene.verdict == ReferencesRule.Event.dayRolled.rawValue
      let isSession = scene.verdict == ReferencesRule.Event.sessionStarted.rawValue
      return scene.result("highWater") == scene("highWater").larger(equity)
        && scene.result("dayStart") == (isDay ? equity : scene("dayStart"))
        && scene.result("sessionStart") == (isSession ? equity : scene("sessionStart"))
    })

  static let drift = Theorem(
    id: "drift-exact",
    statement: """
      Two views of a position differ without drift exactly where the orders in flight explain the \
      difference; the kind of a drift follows from the two views alone.
      """,
    rules: [DriftRule()],
    claim: { scene in
      let (local, venue) = (scene("local"), scene("venue"))
      let (buys, sells) = (scene("buysInFlight"), scene("sellsInFlight"))
      let most = Bounds.largestQuantity
      let isSane =
        local.isWithin(-most...most) && venue.isWithin(-most...most)
        && buys.isWithin(0...most) && sells.isWithin(0...most)
      let isExplained = local - sells <= venue && venue <= local + buys
      let drifts = isSane && !isExplained
      let isOpposite = (local < 0 && venue > 0) || (local > 0 && venue < 0)
      switch scene.verdict {
      case "MALFORMED": return !isSane
      case "NONE": return isSane && isExplained
      case DriftKind.phantom.name: return drifts && venue == 0 && local != 0
      case DriftKind.orphan.name: return drifts && local == 0 && venue != 0
      case DriftKind.sideMismatch.name: return drifts && isOpposite
      default: return drifts && local != 0 && venue != 0 && !isOpposite && local != venue
      }
    })
}

extension Scene {
  /// Whether what every breaker reads may enter arithmetic.
  fileprivate var isBreakerSane: Proposition {
    self("now").isWithin(0...Bounds.latestInstant)
      && self("pause").isWithin(1...Bounds.longestPause)
      && self("count").isWithin(0...Bounds.largestCount)
      && self("windowStart").isWithin(0...Bounds.latestInstant)
      && self("pausedUntil").isWithin(0...Bounds.latestInstant + Bounds.longestPause)
  }

  /// What a breaker's step must be.
  fileprivate func breaker(
    isSane: Proposition, trips: Proposition, kept: Integer, tripped: Integer, window: Integer
  ) -> Proposition {
    let until = self("pausedUntil")
    switch verdict {
    case "MALFORMED": return !isSane
    case "KEPT":
      return isSane && !trips && result("pausedUntil") == until && result("count") == kept
        && result("windowStart") == window
    default:
      return isSane && trips && result("pausedUntil") == until.larger(self("now") + self("pause"))
        && result("count") == tripped && result("windowStart") == window
    }
  }
}
