import Venues

/// Frames as the venues send them, no two alike: a client that knows one would pass it over.
enum WireFrames {
  static func candle(_ number: Int) -> [UInt8] {
    frame(
      #"{"channel":"candle","data":{"t":1699999980000,"T":1700000039999,"s":"BTC","i":"1m","#
        + #""o":"37017.0","c":"370\#(10 + number % 80).0","h":"37100.0","l":"37001.0","#
        + #""v":"3.40218","n":61}}"#)
  }

  static func trades(_ number: Int) -> [UInt8] {
    let hash = "0x" + String(repeating: "0a", count: 32)
    let users = #"["0x\#(zeros(40))","0x\#(zeros(40))"]"#
    func trade(_ id: Int, _ side: String) -> String {
      #"{"coin":"BTC","side":"\#(side)","px":"37021.0","sz":"0.02","hash":"\#(hash)","#
        + #""time":1700000000100,"tid":\#(118_906_512_000_000 + id),"users":\#(users)}"#
    }
    return frame(
      #"{"channel":"trades","data":[\#(trade(2 * number, "B")),\#(trade(2 * number + 1, "A"))]}"#)
  }

  /// Twenty levels a side.
  static func book(_ number: Int) -> [UInt8] {
    func levels(_ first: Int, _ step: Int) -> String {
      (0..<20).map { #"{"px":"\#(first + step * $0).0","sz":"1.\#(10 + $0)","n":\#($0 + 1)}"# }
        .joined(separator: ",")
    }
    return frame(
      #"{"channel":"l2Book","data":{"coin":"BTC","time":\#(1_700_000_000_000 + number),"#
        + #""levels":[[\#(levels(37_020, -1))],[\#(levels(37_021, 1))]]}}"#)
  }

  /// Two hundred coins, of which two are followed.
  static func mids(_ number: Int) -> [UInt8] {
    let others = (0..<198).map { #""C\#($0)":"1\#($0).25""# }.joined(separator: ",")
    return frame(
      #"{"channel":"allMids","data":{"mids":{"BTC":"37020.5","ETH":"20\#(10 + number % 80).15","#
        + "\(others)}}}")
  }

  static func fills(_ number: Int) -> [UInt8] {
    let cloid = "0x\(zeros(31))1"
    return frame(
      #"{"channel":"userFills","data":{"user":"\#(WireClients.user)","fills":[{"coin":"BTC","#
        + #""px":"36000.0","sz":"0.1","side":"B","time":1700000000400,"startPosition":"0.0","#
        + #""dir":"Open Long","closedPnl":"-0.0","hash":"0x\#(zeros(64))","oid":77738308,"#
        + #""crossed":false,"fee":"-0.36","tid":\#(907_359_904_000_000 + number),"#
        + #""cloid":"\#(cloid)","feeToken":"USDC","twapId":null}]}}"#)
  }

  static func quote(_ number: Int) -> [UInt8] {
    frame(
      #"{"channel":"bbo","data":{"coin":"ETH","time":\#(1_700_000_000_000 + number),"#
        + #""bbo":[{"px":"2054.1","sz":"10.5","n":4},{"px":"2054.2","sz":"1.25","n":1}]}}"#)
  }

  static func context(_ number: Int) -> [UInt8] {
    frame(
      #"{"channel":"activeAssetCtx","data":{"coin":"BTC","ctx":{"funding":"-0.0000239653","#
        + #""openInterest":"27353.17\#(number % 1_000)","prevDayPx":"36500.0","#
        + #""dayNtlVlm":"1516669192.19","premium":"-0.0005","oraclePx":"37018.0","#
        + #""markPx":"37019.5","midPx":"37020.5","impactPxs":["37019.0","37022.0"],"#
        + #""dayBaseVlm":"19707.7"}}}"#)
  }

  /// A second of one symbol, over and over: mostly trades, quotes and books.
  static func mixed(_ number: Int) -> [UInt8] {
    switch number % 10 {
    case 0...2: trades(number)
    case 3, 4: quote(number)
    case 5, 6: book(number)
    case 7: candle(number)
    case 8: context(number)
    default: number % 100 == 9 ? mids(number) : fills(number)
    }
  }

  static func kline(_ number: Int) -> [UInt8] {
    frame(
      #"{"e":"kline","E":1700000000000,"s":"BTCUSDT","k":{"t":\#(openTime(number)),"#
        + #""T":\#(openTime(number) + 59_999),"s":"BTCUSDT","i":"1m","f":1000000000,"#
        + #""L":1000000009,"o":"37017.00","c":"37021.00","h":"37024.00","l":"37016.00","#
        + #""v":"2.9567","n":12,"x":true,"q":"294849.62830500","V":"1.47187084","#
        + #""Q":"146776.83102027","B":"0"}}"#)
  }

  /// The oldest comes first, and none is newer than ``WireClients/time``.
  private static func openTime(_ number: Int) -> Int {
    1_699_999_920_000 - (count - 1 - number % count) * 60_000
  }

  static func binance(_ number: Int) -> [UInt8] {
    switch number % 10 {
    case 0...6:
      frame(
        #"{"e":"aggTrade","E":1700000000000,"s":"BTCUSDT","a":\#(1_000_000_000 + number),"#
          + #""p":"37021.00","q":"0.019","f":\#(number),"l":\#(number),"T":1700000000000,"#
          + #""m":true,"nq":"0.019","st":1}"#)
    case 7:
      frame(
        #"{"e":"markPriceUpdate","E":\#(1_700_000_000_000 + number),"s":"BTCUSDT","#
          + #""p":"37021.10000000","ap":"37021.10000000","P":"37021.1","i":"37020.00000000","#
          + #""r":"0.00014200","T":1700006400000,"st":1}"#)
    default: kline(number)
    }
  }

  static func deribit(_ number: Int) -> [UInt8] {
    let time = 1_700_000_000_000 + number
    guard number % 10 > 0 else {
      return frame(
        #"{"jsonrpc":"2.0","method":"subscription","params":{"#
          + #""channel":"deribit_volatility_index.btc_usd","data":{"timestamp":\#(time),"#
          + #""volatility":55.17,"index_name":"btc_usd"}}}"#)
    }
    return frame(
      #"{"jsonrpc":"2.0","method":"subscription","params":{"#
        + #""channel":"ticker.BTC-PERPETUAL.100ms","data":{"instrument_name":"BTC-PERPETUAL","#
        + #""timestamp":\#(time),"state":"open","stats":{"high":37855.0,"low":36148.0,"#
        + #""price_change":6.7721,"volume":4730.41216,"volume_usd":439984497.51},"#
        + #""index_price":37017.5,"estimated_delivery_price":37017.5,"last_price":37018.0,"#
        + #""settlement_price":37017.5,"min_price":36674.84,"max_price":38680.16,"#
        + #""open_interest":1001775000.0,"mark_price":37017.5,"interest_value":0.0,"#
        + #""best_bid_price":37017.5,"best_ask_price":37018.0,"best_bid_amount":80670.0,"#
        + #""best_ask_amount":23570.0,"current_funding":0.0,"funding_8h":0.0}}}"#)
  }

  /// How many frames a row makes at once: more than the clients remember.
  static let count = 10_000

  private static func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }
  private static func frame(_ text: String) -> [UInt8] { Array(text.utf8) }
}
