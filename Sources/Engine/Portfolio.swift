import Market
import Risk

extension StrategyRegistry.Seat {
  /// Whether an order or position is this strategy's: of a pair, both legs carry the pair's name as
  /// their setup.
  func owns(_ strategy: StrategyID, _ symbol: Symbol, _ setup: Setup) -> Bool {
    guard strategy == id else { return false }
    return isPair ? setup == Setup(renaming: subject) : symbol == self.symbol
  }
}

/// Open positions, money and the prices that they are valued at.
struct Portfolio: Sendable {
  /// Open positions, by id.
  private(set) var positions: [PositionRecord] = []
  /// Money; nil until the opening balance is known.
  var account: AccountRecord?
  /// The newest price of each symbol, by symbol.
  private(set) var marks: [Snapshot.Mark] = []

  /// A position by its id.
  subscript(id: ClientOrderID) -> PositionRecord? { positions.first { $0.id == id } }

  /// Adds or replaces an open position; removes it where it is closed.
  mutating func put(_ row: PositionRecord) {
    if let index = positions.firstIndex(where: { $0.id == row.id }) {
      if row.closedAt == nil { positions[index] = row } else { positions.remove(at: index) }
    } else if row.closedAt == nil {
      let index = positions.firstIndex { row.id < $0.id } ?? positions.count
      positions.insert(row, at: index)
    }
  }

  /// Signed quantity of a symbol over all positions.
  func quantity(of symbol: Symbol) -> Quantity {
    positions.reduce(.zero) { $1.symbol == symbol ? $0 + $1.quantity : $0 }
  }

  /// Whether a strategy holds what it trades; of a pair, either leg.
  func holds(_ seat: StrategyRegistry.Seat) -> Bool { !held(by: seat).isEmpty }

  /// What a strategy holds of what it trades.
  func held(by seat: StrategyRegistry.Seat) -> [PositionRecord] {
    positions.filter { seat.owns($0.strategy, $0.symbol, $0.setup) }
  }

  /// The newest price of a symbol.
  func mark(_ symbol: Symbol) -> Snapshot.Mark? { marks.first { $0.symbol == symbol } }

  /// Takes a price to value positions at.
  mutating func setMark(_ symbol: Symbol, _ price: Price, at time: Monotonic) {
    let mark = Snapshot.Mark(symbol: symbol, price: price, time: time)
    if let index = marks.firstIndex(where: { $0.symbol == symbol }) {
      marks[index] = mark
    } else {
      marks.insert(mark, at: marks.firstIndex { symbol < $0.symbol } ?? marks.count)
    }
  }

  /// Profit of what is open at the marks, rounded against us; positions without a mark count at
  /// cost.
  var unrealised: Money {
    positions.reduce(.zero) { sum, position in
      guard let price = mark(position.symbol)?.price, let profit = position.unrealised(at: price)
      else { return sum }
      return sum + profit
    }
  }

  /// Cash plus unrealised profit; zero until the opening balance is known.
  var equity: Money { (account?.cash ?? .zero) + unrealised }
}
