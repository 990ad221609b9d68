import Market
import Risk
import Venues

/// An action of `/exchange` in the venue's own types.
enum ActionRequest: Sendable {
  case order([OrderRequest], OrderGrouping, BuilderFee?)
  /// By the venue's ids or the client's; a fast one leaves triggers alone.
  case cancel([CancelRequest], isFast: Bool)
  /// One answer for all where it is no batch.
  case modify([Modification], always: Bool, isBatch: Bool)
  case updateLeverage(asset: Int, isCross: Bool, leverage: Int64)
  case updateIsolatedMargin(asset: Int, amount: Money)
  case scheduleCancel(UInt64?)
  case moveBetweenWallets(amount: Money, toPerpetuals: Bool)
  /// Dollars to another account of the venue.
  case send(amount: Money, to: AccountAddress)
  /// Dollars out of the venue.
  case withdraw(amount: Money, nonce: UInt64)
  case moveOfSubAccount(AccountAddress)
  case approveAgent(AccountAddress, name: String?)
  case approveBuilder(AccountAddress, rate: Int64)
  case setReferrer
  case noop
  /// Known to the real venue and not simulated.
  case unsupported(String)

  /// How many orders, cancels or modifications it carries, at least one.
  var batchCount: Int {
    switch self {
    case .order(let orders, _, _): max(1, orders.count)
    case .cancel(let cancels, _): max(1, cancels.count)
    case .modify(let changes, _, _): max(1, changes.count)
    default: 1
    }
  }

  var isCancel: Bool {
    if case .cancel = self { true } else { false }
  }

  /// Whether it is signed field by field, by the account itself.
  var isUserSigned: Bool {
    switch self {
    case .moveBetweenWallets, .moveOfSubAccount, .send, .withdraw, .approveAgent,
      .approveBuilder:
      true
    case .unsupported(let type): UserSignedAction.isUserSigned(type)
    default: false
    }
  }
}

/// How a client names an order.
enum OrderTarget: Hashable, Sendable {
  case id(UInt64)
  case clientID(ClientOrderID)
}

/// An order to be cancelled.
struct CancelRequest: Hashable, Sendable {
  let asset: Int
  let target: OrderTarget
}

/// An order and what is to take its place.
struct Modification: Sendable {
  let target: OrderTarget
  let order: OrderRequest
}
