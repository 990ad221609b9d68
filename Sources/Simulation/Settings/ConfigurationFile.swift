public import Engine

/// Reads engine configurations from YAML.
public enum ConfigurationFile {
  /// Reads a configuration from a file.
  ///
  /// - Throws: ``SettingsError`` naming file, line and column, what is wrong and what was expected.
  public static func read(path: String) throws(SettingsError) -> EngineConfiguration {
    try parse(TextFile.read(path), file: path)
  }

  /// Reads a configuration from text; `file` is named in errors.
  ///
  /// - Throws: ``SettingsError`` naming line and column, what is wrong and what was expected.
  public static func parse(
    _ text: String, file: String
  ) throws(SettingsError) -> EngineConfiguration {
    try parseWhole(text, file: file).engine
  }

  /// Reads a configuration and how it reaches the world from text; `file` is named in errors.
  ///
  /// - Throws: ``SettingsError`` naming line and column, what is wrong and what was expected.
  public static func parseWhole(
    _ text: String, file: String
  ) throws(SettingsError) -> LiveConfiguration {
    let section = try SettingsReader.read(text, file: file, as: ConfigurationTable.file)
    return LiveConfiguration(
      engine: try EngineConfiguration(
        section, execution: section.text("execution") ?? "paper", instruments: []),
      live: try LiveSettings(section))
  }

  /// The text of a configuration file; a recording keeps it.
  ///
  /// - Throws: ``SettingsError`` where the file cannot be read as text.
  public static func text(path: String) throws(SettingsError) -> String {
    try TextFile.read(path)
  }
}
