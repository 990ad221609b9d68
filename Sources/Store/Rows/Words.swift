import Engine
import Market
import Risk

/// The texts that stand for the cases of an enumeration in the file; they never change.
struct Words<Value: RawRepresentable<UInt8> & Sendable>: Sendable {
  private let cases: [Value]
  private let texts: [String]

  init(_ cases: [Value], _ text: (Value) -> String) {
    self.cases = cases
    texts = cases.map(text)
  }

  func text(_ value: Value) -> String {
    guard let index = cases.firstIndex(where: { $0.rawValue == value.rawValue }) else { return "" }
    return texts[index]
  }

  func value(_ text: String) -> Value? { texts.firstIndex(of: text).map { cases[$0] } }
}

extension Words where Value == Side {
  /// What stands in a decision's reason where the strategy asks to leave what it holds.
  static let leave = "LEAVE"
  static let side = Words([.buy, .sell]) { $0 == .buy ? "buy" : "sell" }
}
extension Words where Value == Timeframe {
  static let timeframe = Words(Timeframe.allCases, \.name)
}
extension Words where Value == Venue {
  static let venue = Words(Venue.allCases, \.name)
}
extension Words where Value == OrderState {
  static let state = Words(OrderState.allCases, \.name)
}
extension Words where Value == BreakerKind {
  static let breaker = Words(BreakerKind.allCases, \.name)
}
extension Words where Value == DriftKind {
  static let drift = Words(DriftKind.allCases, \.name)
}
extension Words where Value == OrderRole {
  static let role = Words(OrderRole.allCases) { role in
    switch role {
    case .entry: "entry"
    case .stop: "stop"
    case .target: "target"
    case .exit: "exit"
    }
  }
}
extension Words where Value == TimeInForce {
  static let patience = Words([.immediateOrCancel, .goodTilCancelled, .addLiquidityOnly]) {
    switch $0 {
    case .immediateOrCancel: "immediate_or_cancel"
    case .goodTilCancelled: "good_til_cancelled"
    case .addLiquidityOnly: "add_liquidity_only"
    }
  }
}
extension Words where Value == ExitReason {
  static let exit = Words(ExitReason.allCases) { reason in
    switch reason {
    case .stop: "stop"
    case .target: "target"
    case .time: "time"
    case .operatorCommand: "operator"
    case .venue: "venue"
    case .strategy: "strategy"
    case .partner: "partner"
    }
  }
}
