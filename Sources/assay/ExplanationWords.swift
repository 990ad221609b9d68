import Engine
import Market
import Risk
import Simulation
import Venues

extension Explanation {
  /// What a word of arbitration says (`strategies.md` section 4.1), after a colon; empty for one
  /// that has no more to say.
  static func meaning(ofArbitration code: String) -> String {
    switch code {
    case "DUPLICATE_EXPOSURE": ": the symbol is held, or may be, on the same side"
    case "OPPOSES_OPEN_POSITION": ": the symbol is held, or may be, on the other side"
    case "CONFLICT_CANCELLED": ": long and short signals weigh nearly the same"
    case "CONFLICT_LOST": ": the other side weighs more"
    case "MERGED": ": a signal of the same side with more confidence stands for it"
    case RejectReason.malformed.code: ": its prices are beyond what the gate reads"
    default: ""
    }
  }
}

extension Record {
  /// What the record says about the order or position `id`, in one line.
  func sentence(for id: ClientOrderID) -> String {
    switch self {
    case .order(let row): row.sentence(isEntry: row.intent.clientID == id)
    case .fill(let row): row.sentence
    case .position(let row): row.sentence
    case .fundingPayment(let row):
      "funding \(row.amount < .zero ? "paid" : "received"): \(row.amount.magnitude)"
    default: ""
    }
  }
}

extension OrderRecord {
  fileprivate func sentence(isEntry: Bool) -> String {
    var text = "\(intent.role) \(intent.side == .buy ? "buy" : "sell") \(intent.quantity)"
    switch intent.pricing {
    case .limit(let price, let timeInForce):
      text += " at \(price) or better"
      if timeInForce == .immediateOrCancel { text += ", at once or not at all" }
      if timeInForce == .addLiquidityOnly { text += ", as a maker only" }
    case .trigger(let trigger, let worst): text += " once the mark is \(trigger), to \(worst)"
    }
    text += ": \(state.name)"
    if filled != .zero { text += ", \(filled) filled" }
    if let venueID { text += ", the venue's id \(venueID)" }
    if !isEntry { text += " (\(intent.clientID))" }
    return text
  }
}

extension FillRecord {
  fileprivate var sentence: String {
    var text = "\(fill.side == .buy ? "bought" : "sold") \(fill.quantity) at \(fill.price)"
    text += ", fee \(fill.fee)"
    if realised != .zero { text += ", realised \(realised)" }
    return text
  }
}

extension PositionRecord {
  fileprivate var sentence: String {
    guard closedAt != nil else {
      return "position \(quantity), cost \(cost), stop \(bracket.stop), target \(bracket.target)"
    }
    return "position closed" + (exitReason.map { " by \($0.words)" } ?? "")
  }
}

extension ExitReason {
  fileprivate var words: String {
    switch self {
    case .stop: "its stop"
    case .target: "its target"
    case .time: "its time stop"
    case .operatorCommand: "an operator"
    case .venue: "the venue"
    case .partner: "the end of the other leg, or its absence"
    case .strategy: "its strategy"
    }
  }
}

extension Inquiry.Life {
  /// What the position came to, in one line.
  var result: String {
    guard let position else { return "nothing filled: no position" }
    let net = position.realised - position.fees + position.funding
    var text = "realised \(position.realised), fees \(position.fees), funding \(position.funding)"
    text = "\(position.closedAt == nil ? "so far" : "in the end") \(text): net \(net)"
    if position.initialRisk > .zero {
      let share = Rounding.nearest.divide(
        Int128(net.steps) * 100, by: Int128(position.initialRisk.steps))
      text += ", \(hundredths(Int64(clamping: share))) R of the \(position.initialRisk) at risk"
    }
    return text
  }

  private func hundredths(_ count: Int64) -> String {
    let rest = count.magnitude % 100
    return "\(count < 0 ? "-" : "")\(count.magnitude / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
