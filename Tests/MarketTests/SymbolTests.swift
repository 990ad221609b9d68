import Market
import Testing

@Suite("Names")
struct SymbolTests {
  @Test(
    "One to sixteen printable characters are a name and print as they were",
    arguments: ["B", "BTC", "kPEPE", "12345678", "123456789", "1234567890123456", "~!"])
  func reads(text: String) throws {
    #expect(try #require(Symbol(text)).description == text)
  }

  @Test(
    "Anything else is none",
    arguments: ["", " ", "B C", "BTC\n", "12345678901234567", "é", "B\u{7f}", "B\0", "\t"])
  func refuses(text: String) { #expect(Symbol(text) == nil) }

  @Test("Names sort by their bytes, a prefix first")
  func order() throws {
    let names = ["A", "AA", "AAAAAAAA", "AAAAAAAAA", "AB", "B", "BTC", "ETH", "a", "kPEPE"]
    let symbols = try names.map { try #require(Symbol($0)) }
    #expect(symbols.sorted() == symbols)
    #expect(symbols.reversed().sorted() == symbols)
    for (index, symbol) in symbols.enumerated() {
      #expect(symbols.firstIndex(of: symbol) == index)
    }
  }

  @Test("The words are the bytes, first one highest, so that they order as the name does")
  func words() {
    let symbol: Symbol = "BTC"
    #expect(symbol.words.0 == 0x4254_4300_0000_0000)
    #expect(symbol.words.1 == 0)
    let long: Symbol = "123456789"
    #expect(long.words.1 == 0x3900_0000_0000_0000)
  }

  @Test("A side's opposite and sign")
  func sides() {
    for side in [Side.buy, .sell] {
      #expect(side.opposite.opposite == side && side.opposite != side)
      #expect(side.sign == -side.opposite.sign)
    }
    #expect(Side.buy.sign == 1)
  }
}
