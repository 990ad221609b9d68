import Market
import Risk
import Venues

/// On what terms an account trades: fees, roles, agents, limits of an order.
extension HyperliquidVenue {
  /// Writes what concerns an account's terms; false where it is none of that, or mistyped.
  func accountTerms(
    _ type: JSONText, _ request: JSONValue, of address: AccountAddress, _ writer: inout JSONWriter
  ) -> Bool {
    switch type {
    case "userFees": writeFees(of: address, to: &writer)
    case "userRole": writeRole(of: address, to: &writer)
    case "extraAgents": writeAgents(of: address, to: &writer)
    case "maxBuilderFee":
      guard let builder = request["builder"]?.text.flatMap({ AccountAddress($0) }) else {
        return false
      }
      writer.integer(accountOf[address].map { largestFee(of: builder, from: $0) } ?? 0)
    case "activeAssetData":
      guard let asset = asset(request["coin"]) else { return false }
      writeLimits(of: address, asset, to: &writer)
    case "userAbstraction": writer.string("default")
    case "userDexAbstraction": writer.bool(false)
    // What this venue has none of.
    case "subAccounts", "userToMultiSigSigners": writer.null()
    case "userVaultEquities", "delegations", "delegatorRewards", "delegatorHistory",
      "userTwapSliceFills", "userTwapSliceFillsByTime", "twapHistory":
      writer.array { _ in }
    case "delegatorSummary":
      writer.object {
        $0.number("delegated", Money.zero)
        $0.number("undelegated", Money.zero)
        $0.number("totalPendingWithdrawal", Money.zero)
        $0.integer("nPendingWithdrawals", 0)
      }
    case "referral": writeReferral(of: address, to: &writer)
    case "portfolio": writePortfolio(of: address, to: &writer)
    default: return false
    }
    return true
  }

  /// Spot trades at the base tier for everybody, as nobody can trade it here; discounts for
  /// referral and staking there are none.
  private func writeFees(of address: AccountAddress, to writer: inout JSONWriter) {
    let fees = configuration.fees
    let rates = accountOf[address].map(feeRates) ?? fees.rates(ofVolume: .zero)
    writer.object { writer in
      writer.array("dailyUserVlm", account(address)?.tradedDays.days ?? []) { writer, day in
        writer.object {
          $0.string("date", day.date.description)
          $0.number("userCross", day.taken)
          $0.number("userAdd", day.made)
          // What the whole venue traded is not counted by days.
          $0.number("exchange", Money.zero)
        }
      }
      writer.object("feeSchedule") { writer in
        writer.rate("cross", fees.taker)
        writer.rate("add", fees.maker)
        writer.rate("spotCross", Self.spotFees.taker)
        writer.rate("spotAdd", Self.spotFees.maker)
        writer.object("tiers") { writer in
          writer.array("vip", fees.tiers) { writer, tier in
            writer.object {
              $0.number("ntlCutoff", tier.volumeAbove)
              $0.rate("cross", tier.taker)
              $0.rate("add", tier.maker)
              $0.rate("spotCross", Self.spotFees.taker)
              $0.rate("spotAdd", Self.spotFees.maker)
            }
          }
          writer.array("mm") { _ in }
        }
        writer.fraction("referralDiscount", 0)
        writer.array("stakingDiscountTiers") { _ in }
      }
      writer.rate("userCrossRate", rates.taker)
      writer.rate("userAddRate", rates.maker)
      writer.rate("userSpotCrossRate", Self.spotFees.taker)
      writer.rate("userSpotAddRate", Self.spotFees.maker)
      writer.fraction("activeReferralDiscount", 0)
    }
  }

  /// The base fees of the spot market, in parts per million.
  private static var spotFees: (taker: Int64, maker: Int64) { (700, 400) }

  private func writeReferral(of address: AccountAddress, to writer: inout JSONWriter) {
    writer.object {
      $0.null("referredBy")
      $0.number("cumVlm", account(address)?.volume ?? .zero)
      $0.number("unclaimedRewards", Money.zero)
      $0.number("claimedRewards", Money.zero)
      $0.number("builderRewards", Money.zero)
      $0.null("referrerState")
      $0.array("rewardHistory") { _ in }
    }
  }

  /// Writes worth, profit and volume of the account's whole life, as they are now: the venue keeps
  /// no history for shorter periods.
  private func writePortfolio(of address: AccountAddress, to writer: inout JSONWriter) {
    let worth = accountValue(of: address) ?? .zero
    let account = account(address)
    let put = (account?.deposited ?? .zero) + (account?.transferred ?? .zero)
    writer.array(["allTime", "perpAllTime"]) { writer, span in
      writer.array { writer in
        writer.string(span)
        writer.object { writer in
          writer.array("accountValueHistory") { $0.point(clock, worth) }
          writer.array("pnlHistory") { $0.point(clock, worth - put) }
          writer.number("vlm", account?.volume ?? .zero)
        }
      }
    }
  }

  private func writeRole(of address: AccountAddress, to writer: inout JSONWriter) {
    writer.object { writer in
      guard let signer = signer(at: address), signer.isAgent else {
        writer.string("role", accountOf[address] == nil ? "missing" : "user")
        return
      }
      writer.string("role", "agent")
      writer.object("data") { $0.address("user", ledger[signer.account].address) }
    }
  }

  private func writeAgents(of address: AccountAddress, to writer: inout JSONWriter) {
    let agents = account(address)?.agents ?? []
    let named = agents.filter { !$0.name.isEmpty && $0.validUntil > clock }
    writer.array(named) { writer, agent in
      writer.object {
        $0.string("name", agent.name)
        $0.address("address", agent.address)
        $0.time("validUntil", agent.validUntil)
      }
    }
  }

  /// Writes what an account may still trade of an asset: buying first, then selling.
  func writeLimits(of address: AccountAddress, _ asset: Int, to writer: inout JSONWriter) {
    let sides: [Side] = [.buy, .sell]
    let account = accountOf[address]
    let fresh = ExchangePosition(markets[asset].listing)
    let position = account.map { ledger[$0].positions[asset] } ?? fresh
    writer.object { writer in
      writer.address("user", address)
      writer.name("coin", position.symbol)
      writer.leverage(of: position)
      writer.array("maxTradeSzs", sides) { writer, side in
        let size = account.map { largestTrade($0, asset, side) } ?? .zero
        writer.decimal(size, places: 1)
      }
      writer.array("availableToTrade", sides) { writer, side in
        let margin = account.map { max(.zero, availableMargin($0, asset, side)) } ?? .zero
        writer.decimal(margin, places: 1)
      }
      writer.number("markPx", markets[asset].reference.mark)
    }
  }

  /// The largest order that the margin bears at the mark, what it closes included.
  private func largestTrade(_ account: Int, _ asset: Int, _ side: Side) -> Quantity {
    let position = ledger[account].positions[asset]
    let margin = max(.zero, availableMargin(account, asset, side))
    let mark = markets[asset].reference.mark
    guard mark > .zero else { return .zero }
    let scaled =
      Int128(margin.steps) * Int128(position.leverage) * Int128(Quantity.stepsPerWhole)
      / Int128(mark.steps)
    let opening = Quantity(steps: Int64(clamping: scaled))
    let closes = position.quantity.steps.signum() * side.sign < 0
    let size = min(opening, Self.largestPosition) + (closes ? position.quantity.magnitude : .zero)
    return size.rounded(to: markets[asset].instrument.lot, .down) ?? .zero
  }
}
