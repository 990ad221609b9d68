import Testing
import Market
@Suite("Fixed") struct FixedTests {
  @Test func parses() throws { #expect(try Price(decimal: "98200.5").steps == 9_820_050_000_000) }
}
