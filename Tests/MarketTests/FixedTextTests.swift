import Market
import Testing

@Suite("Fixed as text")
struct FixedTextTests {
  @Test(
    "A plain decimal is read exactly",
    arguments: [
      ("0", 0), ("-0", 0), ("0.0", 0), ("1", 100_000_000), ("-1", -100_000_000),
      ("00012.50", 1_250_000_000), ("0.00000001", 1), ("-0.00000001", -1),
      ("0.000000010000", 1), ("98200.5", 9_820_050_000_000),
      ("0.29", 29_000_000), ("92233720368.54775807", Int64.max),
      ("-92233720368.54775807", -Int64.max),
    ] as [(String, Int64)])
  func reads(text: String, steps: Int64) throws {
    #expect(try Price(decimal: text).steps == steps)
  }

  @Test(
    "Anything else is refused, with the reason",
    arguments: [
      ("", .empty), ("-", .empty), ("1.", .empty), ("-5.", .empty),
      (".", .unexpected(offset: 0)), (".5", .unexpected(offset: 0)),
      ("-.5", .unexpected(offset: 1)), ("+1", .unexpected(offset: 0)),
      ("1-", .unexpected(offset: 1)), ("--1", .unexpected(offset: 1)),
      ("1.2.3", .unexpected(offset: 3)), ("1e5", .unexpected(offset: 1)),
      (" 1", .unexpected(offset: 0)), ("1 ", .unexpected(offset: 1)),
      ("1,000", .unexpected(offset: 1)), ("NaN", .unexpected(offset: 0)),
      ("inf", .unexpected(offset: 0)), ("0x10", .unexpected(offset: 1)),
      ("١", .unexpected(offset: 0)), ("1\0", .unexpected(offset: 1)),
      ("0.000000001", .tooPrecise), ("1.123456789", .tooPrecise),
      ("0.0000000000000000000001", .tooPrecise),
      ("92233720368.54775808", .overflow), ("-92233720368.54775808", .overflow),
      ("92233720369", .overflow), ("18446744073709551615", .overflow),
      ("18446744073709551616", .overflow), ("184467440737.09551616", .overflow),
      ("99999999999999999999999999999999", .overflow),
    ] as [(String, FixedFault)])
  func refuses(text: String, fault: FixedFault) {
    #expect(throws: fault) { try Price(decimal: text) }
  }

  @Test("The shortest decimal is printed, or as many places as asked for")
  func prints() {
    #expect(Money(steps: 0).description == "0")
    #expect(Money(steps: -1).description == "-0.00000001")
    #expect(Money(steps: 1_250_000_000).description == "12.5")
    #expect(Money(steps: .min).description == "-92233720368.54775808")
    #expect(Money(steps: 1_250_000_000).decimal(minimumPlaces: 2) == "12.50")
    #expect(Money(steps: 1_234_567_890).decimal(minimumPlaces: 2) == "12.3456789")
    #expect(Money(whole: 3).decimal(minimumPlaces: 8) == "3.00000000")
    #expect(Money(whole: 3).decimal(minimumPlaces: 9) == "3.00000000")
    #expect(Money(whole: 3).decimal(minimumPlaces: -1) == "3")
  }

  @Test("What is printed reads back, at any number of places", arguments: [1, 2, 3] as [UInt64])
  func roundTrip(seed: UInt64) throws {
    var words = Words(seed: seed)
    var samples: [Int64] = [0, 1, -1, .max, -.max, .max - 1, 1 - .max]
    var power: Int64 = 1
    for _ in 0..<18 {
      power *= 10
      samples += [power - 1, power, power + 1, -power - 1, -power, 1 - power]
    }
    for _ in 0..<3_000 {
      let word = Int64(bitPattern: words.next() >> words.below(64))
      samples.append(word == .min ? 0 : word)
    }
    for steps in samples {
      let amount = Quantity(steps: steps)
      #expect(try Quantity(decimal: amount.description) == amount)
      let places = Int(words.below(9))
      #expect(try Quantity(decimal: amount.decimal(minimumPlaces: places)) == amount)
    }
  }

  @Test("A damaged decimal is read as what it says or refused; it never traps")
  func fuzz() {
    let alphabet = Array("0123456789.-+eE \0x".utf8)
    var words = Words(seed: 7)
    var accepted = 0
    for _ in 0..<20_000 {
      let text = (0..<words.below(24)).map { _ in alphabet[Int(words.below(17))] }
      guard let amount = try? Price(decimal: text) else { continue }
      accepted += 1
      let printed = Array(amount.decimal(minimumPlaces: 0).utf8)
      // The value's digits are those of the text without leading and trailing zeros.
      #expect(Self.significant(printed) == Self.significant(text), "\(text)")
    }
    #expect(accepted > 500)
  }

  /// Whole and fractional digits without outer zeros: an oracle that shares no code with parsing.
  private static func significant(_ text: [UInt8]) -> [String] {
    let digits = text.filter { $0 != UInt8(ascii: "-") }
    let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let whole = parts[0].drop { $0 == UInt8(ascii: "0") }
    let fraction = (parts.count > 1 ? Array(parts[1]) : []).reversed()
      .drop { $0 == UInt8(ascii: "0") }
    return [String(decoding: whole, as: UTF8.self), String(decoding: fraction, as: UTF8.self)]
  }
}
