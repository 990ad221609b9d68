import Risk

/// ``measured(_:on:threshold:pause:now:in:)``: the breakers of round trips and of a silent feed.
struct MeasuredRule: Rule {
  let name = "measured"
  let numbers = ["level", "pausedUntil", "count", "windowStart", "threshold", "pause", "now"]

  func outcome<D: Domain>(of inputs: Inputs<D.Number>, in d: D) -> Outcome<D.Number> {
    let step = measured(
      inputs.number("level"), on: inputs.breaker, threshold: inputs.number("threshold"),
      pause: inputs.number("pause"), now: inputs.number("now"), in: d)
    return Outcome(step)
  }
}

/// ``orderFailed(on:threshold:pause:now:in:)``.
struct OrderFailedRule: Rule {
  let name = "orderFailed"
  let numbers = ["pausedUntil", "count", "windowStart", "threshold", "pause", "now"]

  func outcome<D: Domain>(of inputs: Inputs<D.Number>, in d: D) -> Outcome<D.Number> {
    let step = orderFailed(
      on: inputs.breaker, threshold: inputs.number("threshold"), pause: inputs.number("pause"),
      now: inputs.number("now"), in: d)
    return Outcome(step)
  }
}

/// ``rateLimited(on:threshold:window:pause:now:in:)``.
struct RateLimitedRule: Rule {
  let name = "rateLimited"
  let numbers = ["pausedUntil", "count", "windowStart", "threshold", "window", "pause", "now"]

  func outcome<D: Domain>(of inputs: Inputs<D.Number>, in d: D) -> Outcome<D.Number> {
    let step = rateLimited(
      on: inputs.breaker, threshold: inputs.number("threshold"), window: inputs.number("window"),
      pause: inputs.number("pause"), now: inputs.number("now"), in: d)
    return Outcome(step)
  }
}

extension Inputs {
  /// The breaker that the inputs describe.
  fileprivate var breaker: BreakerState<Number> {
    BreakerState(
      pausedUntil: number("pausedUntil"), count: number("count"),
      windowStart: number("windowStart"))
  }
}

extension Outcome {
  fileprivate init(_ step: BreakerStep<Number>) {
    let (verdict, state): (String, BreakerState<Number>)
    switch step {
    case .malformed:
      self.init(verdict: "MALFORMED")
      return
    case .kept(let kept): (verdict, state) = ("KEPT", kept)
    case .tripped(let tripped): (verdict, state) = ("TRIPPED", tripped)
    }
    self.init(
      verdict: verdict,
      numbers: [
        ("pausedUntil", state.pausedUntil), ("count", state.count),
        ("windowStart", state.windowStart),
      ])
  }
}

/// ``escalation(equity:reference:collapse:failures:threshold:in:)``.
struct EscalationRule: Rule {
  let name = "escalation"
  let numbers = ["equity", "reference", "collapse", "failures", "threshold"]
  let accepted = [
    "equity": -Bounds.largestMoney...Bounds.largestMoney, "reference": 1...Bounds.largestMoney,
    "collapse": 1...10_000,
  ]

  func outcome<D: Domain>(of inputs: Inputs<D.Number>, in d: D) -> Outcome<D.Number> {
    let cause = escalation(
      equity: inputs.number("equity"), reference: inputs.number("reference"),
      collapse: inputs.number("collapse"), failures: inputs.number("failures"),
      threshold: inputs.number("threshold"), in: d)
    return Outcome(verdict: cause?.name ?? "NONE")
  }
}

/// ``killSwitch(_:after:)`` for one event.
struct KillSwitchRule: Rule {
  let event: KillSwitchEvent
  var name: String { "killSwitch(\(event))" }
  let numbers: [String] = []
  let truths = ["isEngaged"]

  func outcome<D: Domain>(of inputs: Inputs<D.Number>, in d: D) -> Outcome<D.Number> {
    let isEngaged = killSwitch(inputs.truth("isEngaged"), after: event)
    return Outcome(verdict: "\(event)", truths: [("isEngaged", isEngaged)])
  }
}

/// The references of losses after equity was marked, after a day and after a session began.
struct ReferencesRule: Rule {
  /// What happens to the references.
  enum Event: String, CaseIterable { case marked, dayRolled, sessionStarted }
  let event: Event
  var name: String { event.rawValue }
  let numbers = ["equity", "dayStart", "sessionStart", "highWater"]

  func outcome<D: Domain>(of inputs: Inputs<D.Number>, in d: D) -> Outcome<D.Number> {
    let before = EquityReferences<D.Number>(
      dayStart: inputs.number("dayStart"), sessionStart: inputs.number("sessionStart"),
      highWater: inputs.number("highWater"))
    let equity = inputs.number("equity")
    let after =
      switch event {
      case .marked: marked(before, at: equity)
      case .dayRolled: dayRolled(before, at: equity)
      case .sessionStarted: sessionStarted(before, at: equity)
      }
    return Outcome(
      verdict: event.rawValue,
      numbers: [
        ("dayStart", after.dayStart), ("sessionStart", after.sessionStart),
        ("highWater", after.highWater),
      ])
  }
}

/// ``classifyDrift(local:venue:buysInFlight:sellsInFlight:in:)``.
struct DriftRule: Rule {
  let name = "classifyDrift"
  let numbers = ["local", "venue", "buysInFlight", "sellsInFlight"]

  func outcome<D: Domain>(of inputs: Inputs<D.Number>, in d: D) -> Outcome<D.Number> {
    let verdict = classifyDrift(
      local: inputs.number("local"), venue: inputs.number("venue"),
      buysInFlight: inputs.number("buysInFlight"), sellsInFlight: inputs.number("sellsInFlight"),
      in: d)
    switch verdict {
    case .none: return Outcome(verdict: "NONE")
    case .malformed: return Outcome(verdict: "MALFORMED")
    case .drift(let kind): return Outcome(verdict: kind.name)
    }
  }
}
