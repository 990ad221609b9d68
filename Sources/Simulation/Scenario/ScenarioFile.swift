/// Reads scenarios from YAML.
public enum ScenarioFile {
  /// Reads a scenario from a file.
  ///
  /// - Throws: ``SettingsError`` naming file, line and column, what is wrong and what was expected.
  public static func read(path: String) throws(SettingsError) -> Scenario {
    try parse(TextFile.read(path), file: path)
  }

  /// Reads a scenario from text; `file` is named in errors, and files that it names are sought
  /// beside it.
  ///
  /// - Throws: ``SettingsError`` naming line and column, what is wrong and what was expected.
  public static func parse(_ text: String, file: String) throws(SettingsError) -> Scenario {
    let section = try SettingsReader.read(text, file: file, as: ScenarioTable.file)
    return try Scenario(section, file: file)
  }

  /// The scenario files under a folder, sorted by path, or the file itself.
  ///
  /// - Throws: ``SettingsError`` where there is no such file or folder.
  public static func paths(under path: String) throws(SettingsError) -> [String] {
    try TextFile.paths(under: path, suffix: ".yaml")
  }

  /// The JSON Schema of scenario files, for editors.
  public static var schema: String { Schema.text(of: ScenarioTable.file, title: "Assay scenario") }

  /// The JSON Schema of configuration files, for editors.
  public static var configurationSchema: String {
    Schema.text(of: ConfigurationTable.file, title: "Assay configuration")
  }
}
