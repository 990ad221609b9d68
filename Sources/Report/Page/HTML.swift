/// A piece of a page: text that enters is escaped, and only this type says what is markup.
struct HTML: ExpressibleByStringInterpolation {
  private(set) var markup: String

  private init(markup: String) { self.markup = markup }

  /// Text, escaped.
  init(_ text: String) { markup = Markup.escaped(text) }
  init(stringLiteral value: String) { self.init(value) }

  /// Text in which `words between backquotes` are code.
  static func prose(_ text: String) -> HTML {
    text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .map { index, part in index % 2 == 0 ? HTML(String(part)) : .code(String(part)) }
      .reduce(.empty, +)
  }

  static let empty = HTML(markup: "")

  /// Markup that this program wrote: a style sheet, never anything read.
  static func verbatim(_ markup: StaticString) -> HTML { HTML(markup: markup.description) }

  static func + (left: HTML, right: HTML) -> HTML { HTML(markup: left.markup + right.markup) }

  /// An element.
  static func tag(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:],
    _ content: HTML...
  ) -> HTML { tag(name, attributes, content) }

  /// An element of several parts.
  static func tag(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:],
    _ content: [HTML]
  ) -> HTML {
    var markup = "<\(name)"
    for (key, value) in attributes { markup += " \(key)=\"\(Markup.escaped(value))\"" }
    markup += ">" + content.map(\.markup).joined()
    // The void elements that the page uses have no end tag.
    guard !["meta", "br", "input"].contains(name.description) else { return HTML(markup: markup) }
    return HTML(markup: markup + "</\(name)>")
  }

  /// A table: headings, then rows; a column named in `numbers` stands to the right.
  static func table(_ headings: [String], numbers: Set<Int> = [], _ rows: [[HTML]]) -> HTML {
    func cells(_ name: StaticString, _ row: [HTML]) -> HTML {
      .tag(
        "tr", [:],
        row.enumerated().map { index, cell in
          numbers.contains(index) ? .tag(name, ["class": "number"], cell) : .tag(name, [:], cell)
        })
    }
    return .tag(
      "div", ["class": "scroll"],
      .tag(
        "table", [:], .tag("thead", [:], cells("th", headings.map { HTML($0) })),
        .tag("tbody", [:], rows.map { cells("td", $0) })))
  }

  /// A word in the colour of its meaning.
  static func badge(_ text: String, _ style: Style) -> HTML {
    .tag("span", ["class": "badge \(style.rawValue)"], HTML(text))
  }

  /// Text that a machine reads too.
  static func code(_ text: String) -> HTML { .tag("code", [:], HTML(text)) }

  enum Style: String { case good, bad, open }
}
