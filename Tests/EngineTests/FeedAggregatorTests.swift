import Market
import Strategies
import Testing
import Venues

@testable import Engine

@Suite("Feed aggregator") struct FeedAggregatorTests {
  func aggregator(_ timeframes: [Timeframe], guards: EngineGuards = .all) -> FeedAggregator {
    var aggregator = FeedAggregator(grace: .seconds(2), guards: guards)
    for timeframe in timeframes { aggregator.declare("BTC", timeframe, closed: nil) }
    return aggregator
  }

  let late = monday + .days(1)

  @Test func aFormingCandleClosesWithTheLastVersionSeen() throws {
    var feed = aggregator([.m15])
    #expect(
      feed.offer(try candle(0, "1", "1", "1", "1", volume: "1"), isFinal: false, at: monday)
        == .accepted)
    #expect(
      feed.offer(try candle(0, "1", "3", "1", "3", volume: "2"), isFinal: false, at: monday)
        == .accepted)
    #expect(
      feed.offer(try candle(0, "1", "2", "1", "2", volume: "1.5"), isFinal: false, at: monday)
        == .stale)
    #expect(feed.nextClose(at: monday + .minutes(15), isLive: true) == nil)
    #expect(
      feed.offer(try candle(1, "3", "3", "3", "3", volume: "1"), isFinal: false, at: monday)
        == .accepted)
    let close = try #require(feed.nextClose(at: monday + .minutes(15), isLive: true))
    #expect(feed.take(close).map(\.close) == ["3"])
  }

  @Test func aClosedCandleStandsAgainstDuplicatesAndRevisions() throws {
    var feed = aggregator([.m15])
    let first = try candle(0, "1", "1", "1", "1")
    #expect(feed.offer(first, isFinal: true, at: late) == .accepted)
    _ = feed.take(first.closeTime)
    #expect(feed.offer(first, isFinal: true, at: late) == .duplicate)
    #expect(feed.offer(try candle(0, "1", "2", "1", "2"), isFinal: true, at: late) == .revised)
    #expect(feed.nextClose(at: late, isLive: true) == nil)
  }

  @Test func aCloseWaitsForEverySeriesOfItsTimeOrTheGrace() throws {
    var feed = aggregator([.m15, .h4])
    for index in 0..<16 {
      #expect(
        feed.offer(try candle(Int64(index), "1", "1", "1", "1"), isFinal: true, at: late)
          == .accepted)
      if index < 15 { _ = feed.take(try candle(Int64(index), "1", "1", "1", "1").closeTime) }
    }
    let close = monday + .hours(4)
    #expect(feed.nextClose(at: close, isLive: true) == nil, "the 4h candle is not here")
    #expect(
      feed.nextClose(at: close + .seconds(2), isLive: false) == nil, "a dead feed proves nothing")
    #expect(feed.nextClose(at: close + .seconds(2), isLive: true) == close)
    #expect(
      feed.offer(try candle(0, "1", "1", "1", "1", timeframe: .h4), isFinal: true, at: late)
        == .accepted)
    #expect(feed.nextClose(at: close, isLive: true) == close)
    #expect(feed.take(close).map(\.timeframe) == [.m15, .h4])
  }

  @Test(arguments: [true, false])
  func theExecutionVenueIsCanonicalInEitherOrder(foreignFirst: Bool) throws {
    var feed = aggregator([.m15])
    let ours = try candle(0, "1", "1", "1", "1")
    let theirs = try candle(0, "2", "2", "2", "2", venue: .binance)
    for candle in foreignFirst ? [theirs, ours] : [ours, theirs] {
      #expect(feed.offer(candle, isFinal: true, at: late) == .accepted)
    }
    #expect(feed.take(ours.closeTime) == [ours])
  }

  @Test func aForeignCandleFillsAGapOnlyAfterTheGrace() throws {
    var feed = aggregator([.m15])
    let theirs = try candle(0, "2", "2", "2", "2", venue: .binance)
    #expect(feed.offer(theirs, isFinal: true, at: theirs.closeTime) == .accepted)
    #expect(feed.nextClose(at: theirs.closeTime, isLive: true) == nil)
    #expect(feed.nextClose(at: theirs.closeTime + .seconds(2), isLive: true) == theirs.closeTime)
    #expect(feed.take(theirs.closeTime) == [theirs])
    #expect(feed.offer(try candle(0, "1", "1", "1", "1"), isFinal: true, at: late) == .duplicate)
  }

  @Test func nothingClosesWhileHistoryIsOnItsWay() throws {
    var feed = aggregator([.m15])
    feed.isRecovering = true
    let first = try candle(0, "1", "1", "1", "1")
    #expect(feed.offer(try candle(1, "1", "1", "1", "1"), isFinal: false, at: late) == .accepted)
    #expect(feed.nextClose(at: late, isLive: true) == nil)
    #expect(feed.offer(first, isFinal: true, at: late) == .accepted)
    feed.isRecovering = false
    #expect(feed.nextClose(at: late, isLive: true) == first.closeTime)
  }

  @Test func aHoleIsNamedFromTheFirstMissingToTheLast() throws {
    var feed = aggregator([.m15])
    let first = try candle(0, "1", "1", "1", "1")
    _ = feed.offer(first, isFinal: true, at: late)
    _ = feed.take(first.closeTime)
    _ = feed.offer(try candle(3, "1", "1", "1", "1"), isFinal: true, at: late)
    let holes = feed.holes(before: monday + .minutes(60))
    #expect(holes.map(\.from) == [monday + .minutes(15)])
    #expect(holes.map(\.to) == [monday + .minutes(30)])
  }
}
