import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// The engine's side of the world.
extension World {
  // MARK: Life

  /// Starts the process, the first time and after each death, from what is durable.
  mutating func restart() {
    guard !host.isUp else { return }
    let recovered: DurableState
    do {
      recovered = try disk.recover()
    } catch {
      fail(.engine, "recovery", "the store does not give back what was written: \(error)")
      return
    }
    do {
      var engine = try Engine(
        configuration: scenario.engine, recovered: recovered,
        killSwitchFile: disk.killSwitchFile, guards: options.guards,
        strategies: scenario.scriptedStrategies + options.strategies, signer: signer)
      engine.keepsEvidence = inquiry != nil
      host.start(engine)
    } catch {
      fail(.engine, "start", "the engine did not start: \(error)")
      return
    }
    if recovered.run == nil {
      faults.pendingMarks.append(.started)
    } else {
      noteRecovery(of: recovered)
    }
    bench.engineStarted(at: time)
    feed(.started)
  }

  private mutating func noteRecovery(of state: DurableState) {
    tally.count("restart")
    faults.pendingMarks.append(.recovered)
    if state.orders.contains(where: { !$0.state.isTerminal }) {
      faults.pendingMarks.append(.recoveredWithOrder)
    }
    if !state.positions.isEmpty { faults.pendingMarks.append(.recoveredWithPosition) }
  }

  /// The process dies now and is started again after `down`.
  mutating func crash(down: Interval) {
    guard host.isUp else { return }
    host.die()
    for session in host.sessions where session.isOpenAtVenue {
      let venue = session.connection.venue
      schedule.add(.venueReceives(venue, .closed(session.id)), at: time + delay(to: venue))
    }
    host.sweep()
    tally.hit(.crashed)
    tally.count("crash")
    bench.engineDied(at: time)
    schedule.add(.restart, at: time + down)
  }

  /// A paused process goes on and finds everything at once.
  mutating func unpause() {
    guard let until = host.pausedUntil, until <= time else { return }
    host.pausedUntil = nil
    let backlog = host.backlog
    host.backlog.removeAll()
    for input in backlog { feed(input) }
  }

  /// Ends the run: the store behind the disk has to hold what the fold holds.
  mutating func finish() {
    do {
      try disk.finish()
    } catch {
      fail(.engine, "store", "at the end: \(error)")
    }
  }

  // MARK: Steps

  /// Hands an input to the engine, or keeps it while the process stands still.
  mutating func feed(_ input: Input) {
    guard host.isUp else { return }
    if host.pausedUntil != nil {
      host.backlog.append(input)
      return
    }
    step(input)
  }

  private mutating func step(_ input: Input) {
    let now = clock.reading(at: time)
    var outbox = Outbox()
    swap(&outbox, &self.outbox)
    outbox.removeAll()
    host.engine?.step(input, at: now, into: &outbox)
    record(input, outbox)
    wakeFaults(for: tally.newMarks)
    for mark in tally.newMarks
    where !host.outputsAtMarks.contains(where: { $0.name == mark.rawValue }) {
      host.outputsAtMarks.append(NamedCount(name: mark.rawValue, count: host.outputs + 1))
    }
    let plan = crashPlan
    crashPlan = nil
    carryOut(input, outbox, at: now, dying: plan)
    faults.pendingMarks.removeAll(keepingCapacity: true)
    swap(&outbox, &self.outbox)
  }

  /// Chains the event and takes in what it tells.
  private mutating func record(_ input: Input, _ outbox: Outbox) {
    tally.beginEvent()
    for mark in faults.pendingMarks { tally.hit(mark) }
    chain.begin(at: time)
    chain.add(.feed, Digest.of(input))
    for record in outbox.records { chain.add(record.component, Digest.of(record)) }
    for effect in outbox.effects { chain.add(effect.component, Digest.of(effect)) }
    chain.end()
    tally.take(outbox.records)
    if case .transport(.opened) = input { tally.connected() }
    for case .alert(let alert) in outbox.effects { tally.take(alert) }
    tracer?.engineStep(chain, time, input, outbox)
  }

  /// Persists, shows the oracles what is durable now, then acts; a planned death falls between any
  /// two of these.
  private mutating func carryOut(
    _ input: Input, _ outbox: Outbox, at now: Now, dying plan: CrashPlan?
  ) {
    if plan?.point == .beforePersist { return die(plan) }
    if diesAtOutput() { return }
    let persistsFirst = options.hostGuards.contains(.persistBeforeSend)
    if persistsFirst { persist(outbox.records, at: now) }
    examine(input, outbox, at: now)
    if plan?.point == .betweenPersistAndSend, persistsFirst { return die(plan) }
    if diesAtOutput() { return }
    let incarnation = host.incarnation
    for effect in outbox.effects {
      perform(effect)
      guard host.incarnation == incarnation, host.isUp else { return }
      let diesHere =
        plan?.point == .afterFirstSend || plan?.point == .betweenPersistAndSend
      if diesHere, effect.leavesTheHost { return die(plan) }
      if diesAtOutput() { return }
    }
    if !persistsFirst { persist(outbox.records, at: now) }
    die(plan)
  }

  private mutating func persist(_ records: [Record], at now: Now) {
    do {
      try disk.persist(records, at: now.wall)
    } catch {
      fail(.engine, "store", "the store did not take the records: \(error)")
    }
    bench.persisted(records)
    options.records?(records)
    if inquiry != nil, !records.isEmpty {
      let evidence = host.engine?.evidence ?? Evidence()
      inquiry?.take(records, evidence, event: chain.count, time: now.wall)
    }
    drainBench()
  }

  private mutating func examine(_ input: Input, _ outbox: Outbox, at now: Now) {
    if let snapshot = host.engine?.snapshot {
      host.snapshot = snapshot
      tally.takeRejections(snapshot.rejections)
      let step = StepObservation(
        time: time, now: now, input: input, records: outbox.records, effects: outbox.effects,
        snapshot: snapshot)
      bench.examine(step)
      for message in entryJudge.examine(step) { fail(.expectation, "entries", message) }
      if bench.hasReachedDayLoss { tally.hit(.dayLossReached) }
    }
    drainBench()
  }

  /// Counts one output: the records of a step, or one of its effects; dies where it is the one.
  private mutating func diesAtOutput() -> Bool {
    host.outputs += 1
    guard host.outputs == options.crashAtOutput else { return false }
    crash(down: .seconds(5))
    return true
  }

  private mutating func die(_ plan: CrashPlan?) {
    guard let plan else { return }
    faults.acted(plan.fault)
    crash(down: plan.down)
  }

  /// Takes over what the oracles found.
  mutating func drainBench() {
    for finding in bench.takeFindings() { fail(.oracle, finding.oracle, finding.message) }
  }

  /// A timer is due by the clock as it ran when the timer was set; where the clock has slowed down
  /// since, or the process stands still, it is not due yet.
  mutating func timerDue(_ id: TimerID, _ generation: UInt64, _ incarnation: UInt32) {
    guard let deadline = host.deadline(id, generation: generation, incarnation: incarnation) else {
      return
    }
    let due = max(clock.time(of: deadline), host.pausedUntil ?? time)
    guard due <= time, host.pausedUntil == nil else {
      // A process that stands still finds its timers after everything else that has come in.
      schedule.add(.timer(id, generation: generation, incarnation: incarnation), at: max(due, time))
      return
    }
    host.cancelTimer(id)
    feed(.timer(id))
  }

  // MARK: Effects

  private mutating func perform(_ effect: Effect) {
    switch effect {
    case .setTimer(let id, let deadline):
      let generation = host.setTimer(id, deadline)
      bench.timerSet(id, deadline)
      schedule.add(
        .timer(id, generation: generation, incarnation: host.incarnation),
        at: max(time, clock.time(of: deadline)))
    case .cancelTimer(let id): host.cancelTimer(id)
    case .transport(let transport):
      bench.departing(transport, at: time)
      drainBench()
      send(transport)
    case .stopped: host.hasStopped = true
    case .alert: break
    }
  }
}

extension Effect {
  /// Whether something of it reaches the network.
  var leavesTheHost: Bool {
    switch self {
    case .transport: true
    case .setTimer, .cancelTimer, .alert, .stopped: false
    }
  }
}
