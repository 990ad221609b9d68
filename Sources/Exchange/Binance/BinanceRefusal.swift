/// Why a call is refused, as the venue says it.
struct BinanceRefusal: Error, Hashable {
  let status: Int
  let code: Int
  let text: String

  static func missing(_ name: String) -> BinanceRefusal {
    BinanceRefusal(
      status: 400, code: -1_102,
      text: "Mandatory parameter '\(name)' was not sent, was empty/null, or malformed.")
  }
  static func illegal(_ name: String) -> BinanceRefusal {
    BinanceRefusal(
      status: 400, code: -1_100,
      text: "Illegal characters found in parameter '\(name)'; legal range is '^[0-9]{1,20}$'.")
  }
  static func invalid(_ name: String) -> BinanceRefusal {
    BinanceRefusal(
      status: 400, code: -1_130, text: "Data sent for parameter '\(name)' is not valid.")
  }
  static let symbol = BinanceRefusal(status: 400, code: -1_121, text: "Invalid symbol.")
  static let interval = BinanceRefusal(status: 400, code: -1_120, text: "Invalid interval.")
  static let combination = BinanceRefusal(
    status: 400, code: -1_128, text: "Combination of optional parameters invalid.")
  static let window = BinanceRefusal(
    status: 400, code: -1_127, text: "More than 1 hours between startTime and endTime.")
}
