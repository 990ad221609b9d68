import Testing

@testable import Risk

@Suite struct LimitsTests {
  @Test(arguments: Limits.Field.allCases) func boundsHold(_ field: Limits.Field) throws {
    for base in [Limits.paperDefault, .exchangeDefault] {
      #expect(field.bounds.contains(base[field]), "\(field)")
    }
    for outside in [field.bounds.lowerBound - 1, field.bounds.upperBound + 1, .min, .max] {
      #expect(throws: LimitsError.outOfBounds(field, value: outside)) {
        try Limits.paperDefault.setting(field, to: outside)
      }
    }
    let others = Limits.Field.allCases.filter { $0 != field }
    for inside in [field.bounds.lowerBound, field.bounds.upperBound] {
      guard field != .minimumStopDistanceBasisPoints || inside < 500,
        field != .maximumStopDistanceBasisPoints || inside > 25
      else { continue }
      let changed = try Limits.paperDefault.setting(field, to: inside)
      #expect(changed[field] == inside)
      #expect(others.allSatisfy { changed[$0] == Limits.paperDefault[$0] })
    }
  }

  @Test func stopDistancesMayNotCross() {
    #expect(throws: LimitsError.stopDistancesCross(minimum: 500, maximum: 500)) {
      try Limits.paperDefault.setting(.minimumStopDistanceBasisPoints, to: 500)
    }
  }

  @Test func namesEndWithAUnit() {
    let units = [
      "BasisPoints", "TenThousandths", "Count", "Times", "Milliseconds", "TenthsOfBasisPoint",
      "PerMinute",
    ]
    for field in Limits.Field.allCases {
      #expect(units.contains { field.name.hasSuffix($0) }, "\(field)")
    }
  }

  @Test func errorsNameFieldValueAndBounds() {
    #expect(
      LimitsError.outOfBounds(.riskPerTradeBasisPoints, value: 2_000).description
        == "riskPerTradeBasisPoints is 2000; expected 1 to 1000")
  }

  @Test func theDefaultsAreThoseOfTheDesign() {
    let paper = Limits.paperDefault
    #expect(paper[.riskPerTradeBasisPoints] == 100)
    #expect(paper[.minimumRewardToRiskTenThousandths] == 20_000)
    #expect(paper[.maximumPositionCount] == 3)
    #expect(paper[.dayLossBasisPoints] == 1_000)
    #expect(paper[.sessionDrawdownBasisPoints] == 500)
    #expect(paper[.balanceCollapseBasisPoints] == 5_000)
    #expect(paper[.breakerPauseMilliseconds] == 300_000)
    #expect(paper.drawdownReference == .sessionStart && paper.symbolExposure == .perStrategy)
    let exchange = Limits.exchangeDefault
    #expect(exchange.drawdownReference == .highWater && exchange.symbolExposure == .exclusive)
    // No exchange default is looser than the paper one.
    for field in Limits.Field.allCases {
      if field == .minimumStopDistanceBasisPoints {
        #expect(exchange[field] >= paper[field])
      } else {
        #expect(exchange[field] <= paper[field], "\(field)")
      }
    }
  }
}
