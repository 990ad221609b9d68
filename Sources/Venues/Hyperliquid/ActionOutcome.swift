public import Market

/// What became of an action that is about no order of ours.
public enum ActionOutcome: Hashable, Sendable {
  /// Setting the leverage of a symbol.
  case leverage(Symbol, ActionVerdict)
  /// Cancelling an order by the venue's id.
  case cancel(venueID: UInt64, ActionVerdict)
}

/// The venue's word on an action, or that there was none.
public enum ActionVerdict: Hashable, Sendable {
  /// Done.
  case accepted
  /// Refused, in these words; what was before stands.
  case refused(String)
  /// No answer: it may or may not have been done.
  case unknown(TransportFailure)
}
