import Risk

/// ``booked(_:on:in:)`` of an execution.
struct BookedRule: Rule {
  let name = "booked(fill)"
  let numbers = [
    "price", "quantity", "fee", "held", "cost", "realised", "fees", "funding",
  ]
  let truths = ["isBuy"]
  let accepted = ledgerBounds
  let examples = [fillExample]

  func outcome<D: Domain>(of inputs: Inputs<D.Number>, in d: D) -> Outcome<D.Number> {
    let fill = LedgerFill<D.Number>(
      isBuy: inputs.truth("isBuy"), price: inputs.number("price"),
      quantity: inputs.number("quantity"), fee: inputs.number("fee"))
    return Outcome(booked(fill, on: inputs.position, in: d))
  }
}

/// ``booked(funding:on:in:)``.
struct BookedFundingRule: Rule {
  let name = "booked(funding)"
  let numbers = ["amount", "held", "cost", "realised", "fees", "funding"]

  func outcome<D: Domain>(of inputs: Inputs<D.Number>, in d: D) -> Outcome<D.Number> {
    Outcome(booked(funding: inputs.number("amount"), on: inputs.position, in: d))
  }
}

/// ``takerFee(price:quantity:rate:in:)``.
struct TakerFeeRule: Rule {
  let name = "takerFee"
  let numbers = ["price", "quantity", "rate"]
  let accepted = ledgerBounds.merging(["rate": 0...Bounds.largestFeeTenthsOfBasisPoint]) { $1 }
  let examples = [fillExample]

  func outcome<D: Domain>(of inputs: Inputs<D.Number>, in d: D) -> Outcome<D.Number> {
    let fee = takerFee(
      price: inputs.number("price"), quantity: inputs.number("quantity"),
      rate: inputs.number("rate"), in: d)
    return Outcome(amount: fee)
  }
}

/// ``fundingPayment(quantity:price:rate:in:)``.
struct FundingPaymentRule: Rule {
  let name = "fundingPayment"
  let numbers = ["quantity", "price", "rate"]
  let accepted = [
    "price": 1...Bounds.largestPrice,
    "quantity": -Bounds.largestQuantity...Bounds.largestQuantity,
    "rate": -Bounds.largestFundingRate...Bounds.largestFundingRate,
  ]

  func outcome<D: Domain>(of inputs: Inputs<D.Number>, in d: D) -> Outcome<D.Number> {
    let payment = fundingPayment(
      quantity: inputs.number("quantity"), price: inputs.number("price"),
      rate: inputs.number("rate"), in: d)
    return Outcome(amount: payment)
  }
}

/// ``unrealised(_:at:in:)``.
struct UnrealisedRule: Rule {
  let name = "unrealised"
  let numbers = ["price", "held", "cost", "realised", "fees", "funding"]
  let accepted = ledgerBounds

  func outcome<D: Domain>(of inputs: Inputs<D.Number>, in d: D) -> Outcome<D.Number> {
    Outcome(amount: unrealised(inputs.position, at: inputs.number("price"), in: d))
  }
}

/// A purchase of 0.13 Bitcoin at 60,000.
private let fillExample = Assignment(
  numbers: ["price": 6_000_000_000_000, "quantity": 13_000_000, "fee": 35_100_000, "rate": 45]
    .mapValues { Whole($0) }, truths: ["isBuy": true])

/// Where the ledger lets amounts lie.
private let ledgerBounds: [String: ClosedRange<Int64>] = [
  "price": 1...Bounds.largestPrice, "quantity": 1...Bounds.largestQuantity,
  "held": -Bounds.largestQuantity...Bounds.largestQuantity,
  "cost": -Bounds.largestMoney...Bounds.largestMoney,
]

extension Inputs {
  /// The position that the inputs describe.
  fileprivate var position: LedgerPosition<Number> {
    LedgerPosition(
      quantity: number("held"), cost: number("cost"), realised: number("realised"),
      fees: number("fees"), funding: number("funding"))
  }
}

extension Outcome {
  fileprivate init(_ step: LedgerStep<Number>) {
    switch step {
    case .refused(let fault): self.init(verdict: "REFUSED \(fault)")
    case .booked(let booking):
      let after = booking.position
      self.init(
        verdict: "BOOKED",
        numbers: [
          ("held", after.quantity), ("cost", after.cost), ("realisedAfter", after.realised),
          ("fees", after.fees), ("funding", after.funding), ("realised", booking.realised),
          ("closed", booking.closed), ("traded", booking.traded),
        ])
    }
  }

  fileprivate init(amount: Number?) {
    self.init(
      verdict: amount == nil ? "REFUSED" : "GIVEN", numbers: amount.map { [("amount", $0)] } ?? [])
  }
}
