import Market
import Venues

/// The one shape of `--json`, whatever the command (DESIGN.md, section 7).
enum Document {
  /// Writes the document of a command.
  static func text(
    command: String, hasPassed: Bool, figures: (inout JSONWriter) -> Void,
    items: (inout JSONWriter) -> Void
  ) -> String {
    var writer = JSONWriter(capacity: 64 * 1_024)
    writer.object { document in
      document.string("command", command)
      document.string("version", BuildIdentity.version)
      document.string("build", BuildIdentity.build)
      document.string("verdict", hasPassed ? "pass" : "fail")
      document.object("figures", figures)
      document.array("items", items)
    }
    return writer.text + "\n"
  }
}
