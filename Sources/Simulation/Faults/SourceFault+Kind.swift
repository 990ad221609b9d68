import Exchange
import Market

extension SourceFault {
  /// The switch that a kind of fault throws at a venue, and its opposite; nil where it has none.
  static func switches(of kind: FaultKind, at venue: Venue) -> (on: SourceFault, off: SourceFault?)? { nil }
}
