import Market
import Testing

@testable import Strategies

@Suite struct VolumeProfileTests {
  static func bar(_ high: Price, _ low: Price, _ volume: Int64) -> VolumeProfile.Bar {
    VolumeProfile.Bar(high: high, low: low, volume: Quantity(whole: volume))
  }

  static let worked = [
    bar("102", "100", 20), bar("103", "101", 40), bar("104", "102", 20), bar("103", "101", 20),
  ]

  static func coins(_ profile: VolumeProfile) -> [Double] { profile.bins.map { $0 / 1e8 } }

  @Test("VF-1") func workedCase() throws {
    let profile = try #require(VolumeProfile(Self.worked, binCount: 4))
    #expect(Self.coins(profile) == [10, 40, 40, 10])
    let area = profile.valueArea("0.7")
    #expect(area.pointOfControl == "101.5")
    #expect(area.low == "101" && area.high == "103")
  }

  @Test(
    "of equal bins the lowest is the point of control, of equal neighbours the upper comes first")
  func ties() throws {
    let even = try #require(VolumeProfile([Self.bar("105", "100", 50)], binCount: 5))
    #expect(Self.coins(even) == [10, 10, 10, 10, 10])
    #expect(even.valueArea("0.2").pointOfControl == "100.5")
    let peak = [Self.bar("105", "100", 50), Self.bar("103", "102", 10)]
    let centred = try #require(VolumeProfile(peak, binCount: 5)).valueArea("0.5")
    #expect(centred.pointOfControl == "102.5")
    #expect(centred.low == "102" && centred.high == "104")
  }

  @Test("the area stops at exactly the share, and takes one bin more beyond it") func share() throws
  {
    let profile = try #require(VolumeProfile(Self.worked, binCount: 4))
    #expect(profile.valueArea("0.8").high == "103" && profile.valueArea("0.8").low == "101")
    // A tie of 10 and 10: the upper.
    #expect(profile.valueArea("0.80000001").high == "104")
    #expect(profile.valueArea("1").low == "100")
  }

  @Test("a candle without a range lies in its bin, between two in both by halves") func point()
    throws
  {
    let bars = [
      Self.bar("104", "100", 40), Self.bar("101.5", "101.5", 7), Self.bar("102", "102", 6),
      Self.bar("100", "100", 1), Self.bar("104", "104", 2),
    ]
    let profile = try #require(VolumeProfile(bars, binCount: 4))
    #expect(Self.coins(profile) == [11, 20, 13, 12])
  }

  @Test("nothing is made of a day without range, volume or bins") func empty() {
    #expect(VolumeProfile([], binCount: 50) == nil)
    #expect(VolumeProfile([Self.bar("100", "100", 5)], binCount: 50) == nil)
    #expect(VolumeProfile([Self.bar("101", "100", 0)], binCount: 50) == nil)
    #expect(VolumeProfile([Self.bar("101", "100", 5)], binCount: 0) == nil)
  }

  @Test("the widest day there can be does not trap") func widest() throws {
    let wide = VolumeProfile.Bar(
      high: Price(steps: .max), low: .ulp, volume: Quantity(steps: .max))
    let area = try #require(VolumeProfile([wide, wide], binCount: 50)).valueArea("1")
    #expect(area.low == .ulp && area.high == Price(steps: .max))
    let narrow = VolumeProfile.Bar(high: Price(steps: 2), low: .ulp, volume: "1")
    #expect(try #require(VolumeProfile([narrow], binCount: 50)).valueArea("0.7").low == .ulp)
  }

  @Test(
    "a day upside down has its bins upside down; another unit changes nothing", arguments: 1...20)
  func symmetry(_ seed: UInt64) throws {
    let day = try FlowWalk(seed: seed, timeframe: .m15, count: 96).candles()
    func profile(_ candles: [Candle]) throws -> VolumeProfile {
      try #require(
        VolumeProfile(
          candles.map { .init(high: $0.high, low: $0.low, volume: $0.volume) }, binCount: 50))
    }
    let upright = try profile(day)
    let turned = try profile(day.map { try #require($0.mirrored(around: "100000")) })
    #expect(Array(turned.bins.reversed()) == upright.bins)
    let area = upright.valueArea("0.7")
    let back = turned.valueArea("0.7")
    #expect("100000" - back.high == area.low && "100000" - back.low == area.high)
    #expect("100000" - back.pointOfControl == area.pointOfControl)
    let scaled = try profile(day.map { try #require($0.scaled(price: 10, volume: 7)) }).valueArea(
      "0.7")
    #expect(scaled.low.steps == 10 * area.low.steps && scaled.high.steps == 10 * area.high.steps)
    #expect(scaled.pointOfControl.steps == 10 * area.pointOfControl.steps)
  }
}
