import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// How faults begin, act and end.
extension World {
  /// Begins the faults that wait for one of `marks`.
  mutating func wakeFaults(for marks: [Mark]) {
    guard !isSettling, !marks.isEmpty else { return }
    for index in faults.cases.indices where index != suppressed {
      guard case .mark(let mark, let nth, let delay) = faults.cases[index].plan.trigger,
        !faults.cases[index].hasBegun
      else { continue }
      for hit in marks where hit == mark {
        faults.cases[index].markHits += 1
        guard faults.cases[index].markHits == nth else { continue }
        if delay > .zero {
          schedule.add(.faultBegins(index), at: time + delay)
        } else {
          beginFault(index)
        }
      }
    }
  }

  mutating func beginFault(_ index: Int) {
    guard !isSettling, !faults.cases[index].hasBegun else { return }
    faults.cases[index].hasBegun = true
    faults.cases[index].isActive = true
    let plan = faults.cases[index].plan
    if let duration = plan.duration { schedule.add(.faultEnds(index), at: time + duration) }
    tracer?.fault(plan.kind, begins: true, at: time)
    switch plan.action {
    case .frames, .requests, .deaf, .input: break
    case .cut:
      faults.acted(index)
      cutAll(to: plan.venue, requests: true)
    case .vanish: faults.acted(index)
    case .storm:
      faults.acted(index)
      cutAll(to: plan.venue, requests: false)
    case .swizzle(let period):
      faults.acted(index)
      cutAll(to: plan.venue, requests: false)
      schedule.add(.faultActs(index, step: 1), at: time + period)
    case .latency:
      faults.acted(index)
      setExtraLatency(plan.venue)
    case .venue(let action): beginVenueFault(action, index)
    case .wallStep(let step):
      faults.acted(index)
      clock.step(by: step, at: time)
    case .drift(let partsPerMillion):
      faults.acted(index)
      clock.setDrift(partsPerMillion: partsPerMillion, at: time)
    case .pause: pause(index, for: plan.duration ?? .seconds(30))
    case .crash(let point, let down): beginCrash(index, point, down)
    case .kill: actFault(index, 0)
    }
  }

  mutating func endFault(_ index: Int) {
    guard faults.cases[index].isActive else { return }
    faults.cases[index].isActive = false
    let plan = faults.cases[index].plan
    tracer?.fault(plan.kind, begins: false, at: time)
    switch plan.action {
    case .latency: setExtraLatency(plan.venue)
    case .venue(.fault(_, let end)):
      if let end {
        venue.apply(end)
        stepVenue(.advance, at: .hyperliquid)
      }
    case .venue(.source(_, let end)):
      if let end {
        venues.apply(end)
        stepVenue(.advance, at: plan.venue)
      }
    case .drift: clock.setDrift(partsPerMillion: 0, at: time)
    case .vanish:
      // The network forgot these connections long ago: the first packet is answered by a reset.
      cutAll(to: plan.venue, requests: false)
    case .frames, .requests, .deaf, .input, .cut, .storm, .swizzle, .venue, .wallStep, .pause,
      .crash, .kill:
      break
    }
  }

  /// One more act of a fault that acts again and again.
  mutating func actFault(_ index: Int, _ step: Int) {
    guard faults.cases[index].isActive else { return }
    switch faults.cases[index].plan.action {
    case .storm:
      guard let session = host.index(of: SessionID(number: UInt64(step))) else { return }
      faults.acted(index)
      cut(session)
    case .swizzle(let period):
      faults.acted(index)
      faults.cases[index].breaksRequests.toggle()
      if !faults.cases[index].breaksRequests {
        cutAll(to: faults.cases[index].plan.venue, requests: false)
      }
      schedule.add(.faultActs(index, step: step + 1), at: time + period)
    case .kill(let times, let every):
      guard step < times else { return }
      faults.acted(index)
      feed(.command(.kill(reason: "pressed \(step + 1) of \(times) times")))
      schedule.add(.faultActs(index, step: step + 1), at: time + every)
    default: break
    }
  }

  private mutating func setExtraLatency(_ venue: Venue) {
    let extra = faults.extraLatency(venue)
    ways[Int(venue.rawValue)].toVenue.extra = extra
    ways[Int(venue.rawValue)].toHost.extra = extra
  }

  private mutating func pause(_ index: Int, for duration: Interval) {
    guard host.isUp, host.pausedUntil == nil else { return }
    faults.acted(index)
    host.pausedUntil = time + duration
    schedule.add(.unpause, at: time + duration)
  }

  private mutating func beginCrash(_ index: Int, _ point: CrashPoint, _ down: Interval) {
    // Begun by a mark, the step is still to be carried out; begun by the clock, none is.
    if case .mark(_, _, let delay) = faults.cases[index].plan.trigger, delay == .zero {
      crashPlan = CrashPlan(fault: index, point: point, down: down)
      return
    }
    faults.acted(index)
    crash(down: down)
  }

  private mutating func beginVenueFault(_ action: VenueAction, _ index: Int) {
    faults.acted(index)
    let listings = scenario.market.listings
    action.apply(to: &venues, account) { symbol in
      let listing = listings.first { $0.listing.instrument.symbol == symbol }
      return listing?.listing.instrument.lot ?? .ulp
    }
    stepVenue(.advance, at: faults.cases[index].plan.venue)
  }

  // MARK: Healing

  /// Ends the storm: heals what the scenario does not freeze, and starts what is down.
  mutating func heal() {
    isSettling = true
    for index in faults.cases.indices
    where !scenario.frozen.contains(faults.cases[index].plan.kind) {
      endFault(index)
    }
    if let until = host.pausedUntil, !scenario.frozen.contains(.pause), until > time {
      host.pausedUntil = time
      unpause()
    }
  }
}

extension VenueFault {
  /// Whether orders or their answers may not come through while it acts.
  var breaksOrders: Bool {
    switch self {
    case .halted, .cancelOnly, .postOnly, .rejectNext, .rateLimited, .failAfterAccepting,
      .failInfo, .silence, .staleAccount, .closeSessions:
      true
    case .reviseCandle, .duplicateCandles, .outOfOrderCloses, .bogusFrame, .delayedPublication,
      .externalTrade, .externalOrder, .externalCancel, .liquidation, .transfer, .markJump,
      .extraFunding:
      false
    }
  }
}
