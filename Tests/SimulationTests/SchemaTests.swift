import Engine
import Glibc
import Market
import Testing

@testable import Simulation

/// The schemas that editors use are what the parser knows.
///
/// `ASSAY_WRITE_SCHEMA=1 swift test --filter SchemaTests` writes them anew.
@Suite struct SchemaTests {
  private static let root = ScenarioFolder.path.dropLast("/Scenarios".count)

  @Test(
    arguments: [
      ("Scenarios/scenario.schema.json", ScenarioFile.schema),
      ("config/configuration.schema.json", ScenarioFile.configurationSchema),
    ])
  func theFileIsWhatTheParserKnows(name: String, schema: String) throws {
    let path = Self.root + "/" + name
    if getenv("ASSAY_WRITE_SCHEMA") != nil, let file = fopen(path, "w") {
      fputs(schema, file)
      fclose(file)
    }
    #expect(try TextFile.read(path) == schema, "write it anew: see the top of this file")
  }

  @Test func everyKeyOfEveryTableIsInTheSchema() {
    func keys(_ shape: Shape) -> [String] {
      switch shape {
      case .table(let table), .named(let table, _): keys(table)
      case .variants(let key, let variants): [key] + variants.flatMap { keys($0.table) }
      case .list(let element, _), .oneOrMore(let element, _): keys(element)
      default: []
      }
    }
    func keys(_ table: Table) -> [String] {
      table.fields.flatMap { [$0.key] + keys($0.shape) }
    }
    for key in keys(ScenarioTable.file) {
      #expect(ScenarioFile.schema.contains("\"\(key)\""), "\(key)")
    }
  }

  @Test func theConfigurationsOfTheRepositoryAreRead() throws {
    let configuration = try ConfigurationFile.read(path: Self.root + "/config/paper.yaml")
    #expect(configuration.symbols.map(\.instrument.symbol) == ["BTC", "ETH", "SOL"])
    #expect(configuration.symbols.map(\.isTradable) == [true, true, false])
    #expect(configuration.strategies.count == 10)
  }
}
