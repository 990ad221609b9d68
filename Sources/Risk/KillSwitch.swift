/// What may move the kill switch.
public enum KillSwitchEvent: UInt8, Hashable, Sendable, CaseIterable {
  /// An operator, the file on disk or an escalation engages it.
  case engaged = 0
  /// An operator lifts it; nothing else does.
  case lifted = 1
  /// Anything else: a new day, a new session, a restart, a recovered feed.
  case other = 2
}

/// Whether the switch is engaged after `event`: a latch that only an operator opens.
@inlinable
public func killSwitch<T: DomainTruth>(_ isEngaged: T, after event: KillSwitchEvent) -> T {
  switch event {
  case .engaged: true
  case .lifted: false
  case .other: isEngaged
  }
}
