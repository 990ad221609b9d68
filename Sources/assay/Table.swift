/// Rows under aligned headings, cut to the terminal in one column where they do not fit.
struct Table {
  /// On which side of its column a cell stands.
  enum Alignment { case left, right }

  /// A column.
  struct Column {
    let title: String
    var alignment = Alignment.left
    /// Whether the column gives way where the terminal is narrow.
    var isFlexible = false
  }

  /// A cell and how it is meant.
  struct Cell: ExpressibleByStringInterpolation {
    let text: String
    var style = Console.Style.plain

    init(_ text: String, _ style: Console.Style = .plain) {
      self.text = text
      self.style = style
    }
    init(stringLiteral value: String) { text = value }
  }

  private let columns: [Column]
  private var rows: [[Cell]] = []

  init(_ columns: [Column]) { self.columns = columns }

  /// Adds a row; it has one cell a column.
  mutating func add(_ cells: [Cell]) { rows.append(cells) }

  /// The lines, headings first.
  func lines(on console: Console, indent: Int = 0) -> [String] {
    let titles = columns.map { Cell($0.title, .faint) }
    let all = [titles] + rows
    var widths = columns.indices.map { column in
      all.map { $0[column].text.count }.max() ?? 0
    }
    let gap = 2
    if let available = console.columns {
      let total = indent + widths.reduce(0, +) + gap * (columns.count - 1)
      if total > available, let flexible = columns.firstIndex(where: \.isFlexible) {
        widths[flexible] = max(8, widths[flexible] - (total - available))
      }
    }
    let margin = String(repeating: " ", count: indent)
    return all.map { row in
      var line = margin
      for (index, cell) in row.enumerated() {
        let text = Self.cut(cell.text, to: widths[index])
        let padding = String(repeating: " ", count: widths[index] - text.count)
        let painted = console.paint(text, cell.style)
        line += columns[index].alignment == .left ? painted + padding : padding + painted
        if index + 1 < row.count { line += String(repeating: " ", count: gap) }
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  private static func cut(_ text: String, to width: Int) -> String {
    text.count <= width ? text : text.prefix(width - 1) + "…"
  }
}
