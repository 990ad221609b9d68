import Market
import Venues

/// Who signs for an account, and with which nonces.
struct Signer: Sendable {
  let account: Int
  /// Whether it is an agent: it may trade, and neither move money nor name other agents.
  var isAgent = false
  /// The end of an agent's life; kept when it is past, so that its key is not taken for a new one.
  var validUntil: Instant?
  var nonces = NonceSet()
}

extension HyperliquidVenue {
  /// Opens an account for an address that nobody knows, where the venue does so.
  ///
  /// The venue then cannot tell a wrong signature from a new key: both name an unknown address.
  mutating func openAccount(_ address: AccountAddress) {
    guard let deposit = configuration.unknownAccountDeposit, signers[address] == nil,
      accountOf[address] == nil, address != Self.backgroundAddress
    else { return }
    guard let account = addAccount(AccountSetup(address: address, deposit: deposit)) else { return }
    ledger[account].transfers.append(
      ExchangeTransfer(time: clock, amount: deposit, kind: .external))
  }

  /// Adds an account; nil where there are too many, or its address signs for another.
  private mutating func addAccount(_ setup: AccountSetup) -> Int? {
    guard ledger.count < Self.mostAccounts, accountOf[setup.address] == nil,
      signer(at: setup.address) == nil
    else { return nil }
    ledger.append(ExchangeAccount(setup, listings: markets.map(\.listing)))
    accountOf[setup.address] = ledger.count - 1
    signers[setup.address] = Signer(account: ledger.count - 1)
    return ledger.count - 1
  }

  /// No more accounts are opened than this, so that strangers cannot fill the memory.
  static var mostAccounts: Int { 1_000 }

  /// The signer at an address whose life is not over.
  func signer(at address: AccountAddress) -> Signer? {
    guard let signer = signers[address], signer.validUntil.map({ clock < $0 }) ?? true else {
      return nil
    }
    return signer
  }

  /// Makes an address an agent of an account; replaces the one of the same name.
  mutating func approve(
    _ agent: AccountAddress, named given: String?, of account: Int
  ) -> Answer {
    var name = given ?? ""
    var until = clock + Self.agentLife
    if let range = name.firstRange(of: " valid_until ") {
      guard let milliseconds = Int64(name[range.upperBound...]),
        let time = Instant(exactlyMilliseconds: milliseconds)
      else { return .refused("Agent valid_until is no time in milliseconds.") }
      guard time > clock else { return .refused("Agent valid_until already expired.") }
      until = min(time, clock + Self.longestAgentLife)
      name = String(name[..<range.lowerBound])
    }
    let isNamed = !(given ?? "").isEmpty
    guard !isNamed || (1...16).contains(name.count) else {
      return .refused("Extra agent name must be between 1 and 16 characters long")
    }
    if agent == AccountAddress(number: 0) {
      remove(agentNamed: name, of: account)
      return .done("default")
    }
    let now = clock
    ledger[account].agents.removeAll { $0.validUntil <= now }
    let previous = ledger[account].agents.first { $0.name == name }
    let isTaken = accountOf[agent] != nil || signer(at: agent) != nil
    guard !isTaken || previous?.address == agent else {
      return .refused("Extra agent already used.")
    }
    let others = ledger[account].agents.filter {
      !$0.name.isEmpty && $0.name != name
    }
    guard !isNamed || others.count < 3 else {
      return .refused("Too many extra agents for cumulative volume traded. Current limit is 3")
    }
    remove(agentNamed: name, of: account)
    ledger[account].agents.append(
      ExchangeAgent(name: name, address: agent, validUntil: until))
    signers[agent] = Signer(account: account, isAgent: true, validUntil: until)
    return .done("default")
  }

  private mutating func remove(agentNamed name: String, of account: Int) {
    guard let place = ledger[account].agents.firstIndex(where: { $0.name == name }) else { return }
    let agent = ledger[account].agents.remove(at: place)
    signers[agent.address]?.validUntil = clock
  }

  /// How long an agent lives whose name does not say.
  static var agentLife: Interval { .days(90) }
  /// No agent lives longer, whatever its name says.
  static var longestAgentLife: Interval { .days(180) }

  /// Allows a builder to take up to a rate of the account's orders; zero takes it back.
  mutating func approve(
    _ builder: AccountAddress, upTo rate: Int64, of account: Int
  ) -> Answer {
    guard rate <= Self.largestBuilderRate else {
      return .refused("Builder fee rate is above the maximum of 0.1%.")
    }
    ledger[account].builders.removeAll { $0.builder == builder }
    if rate > 0 { ledger[account].builders.append(BuilderFee(builder: builder, rate: rate)) }
    return .done("default")
  }

  /// Ten basis points, in tenths of one.
  static var largestBuilderRate: Int64 { 100 }

  /// What a builder may take of an account's orders, in tenths of a basis point.
  func largestFee(of builder: AccountAddress, from account: Int) -> Int64 {
    ledger[account].builders.first { $0.builder == builder }?.rate ?? 0
  }

  /// Moves money between the perpetuals' wallet and the one for spot, where nothing is traded.
  mutating func move(_ amount: Money, toPerpetuals: Bool, of account: Int) -> Answer {
    let available = toPerpetuals ? ledger[account].spot : withdrawable(account)
    guard amount > .zero, amount <= available else {
      return .refused("Insufficient balance for token transfer")
    }
    ledger[account].spot += toPerpetuals ? -amount : amount
    let transfer = ledger[account].transfer(
      toPerpetuals ? amount : -amount, at: clock, .betweenWallets)
    tell(.transferred(ledger[account].address, transfer))
    return .done("default")
  }

  /// Moves money to another account, which is opened where nobody knows it.
  mutating func send(_ amount: Money, to destination: AccountAddress, of account: Int) -> Answer {
    let sender = ledger[account].address
    guard amount > .zero, destination != sender, destination != Self.backgroundAddress else {
      return .refused("Invalid send")
    }
    guard amount <= withdrawable(account) else {
      return .refused("Insufficient balance for token transfer")
    }
    openAccount(destination)
    let known = accountOf[destination]
    guard let receiver = known ?? addAccount(AccountSetup(address: destination, deposit: .zero))
    else { return .refused("Invalid send") }
    let kind = ExchangeTransfer.Kind.betweenAccounts(from: sender, to: destination)
    tell(.transferred(sender, ledger[account].transfer(-amount, at: clock, kind)))
    tell(.transferred(destination, ledger[receiver].transfer(amount, at: clock, kind)))
    return .done("default")
  }

  /// Moves money out of the venue.
  mutating func withdraw(_ amount: Money, nonce: UInt64, of account: Int) -> Answer {
    guard amount > .zero, amount <= withdrawable(account) else {
      return .refused("Insufficient balance for withdrawal")
    }
    let transfer = ledger[account].transfer(-amount, at: clock, .withdrawal(nonce: nonce))
    tell(.transferred(ledger[account].address, transfer))
    return .done("default")
  }
}

/// A key that an account named to trade for it.
struct ExchangeAgent: Hashable, Sendable {
  /// Empty for the one without a name.
  let name: String
  let address: AccountAddress
  let validUntil: Instant
}

/// What somebody else's program may take of an account's orders.
struct BuilderFee: Hashable, Sendable {
  let builder: AccountAddress
  /// Tenths of a basis point.
  let rate: Int64
}
