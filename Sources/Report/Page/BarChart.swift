/// Horizontal bars as inline SVG, drawn with integers so that equal figures draw equal pictures.
enum BarChart {
  struct Bar {
    let label: String
    let value: Int64
    let shown: String
    var isBad = false
  }

  /// Bars under one another, the longest as wide as the picture allows.
  static func svg(_ title: String, _ bars: [Bar]) -> HTML {
    let (row, left, width) = (22, 230, 760)
    let longest = max(1, bars.map(\.value).max() ?? 1)
    let room = Int64(width - left - 90)
    let height = row * bars.count + 4
    let drawn = bars.enumerated().map { index, bar -> HTML in
      let length = max(
        bar.value > 0 ? 1 : 0, Int64(Int128(bar.value) * Int128(room) / Int128(longest)))
      let y = index * row
      return .tag(
        "g", [:],
        .tag(
          "text", ["x": "\(left - 8)", "y": "\(y + 15)", "class": "label"],
          HTML(String(bar.label.prefix(32)))),
        .tag(
          "rect",
          [
            "x": "\(left)", "y": "\(y + 4)", "width": "\(length)", "height": "14",
            "class": bar.isBad ? "bar bad" : "bar",
          ], .tag("title", [:], HTML("\(bar.label): \(bar.shown)"))),
        .tag(
          "text", ["x": "\(Int64(left) + length + 6)", "y": "\(y + 15)", "class": "value"],
          HTML(bar.shown)))
    }
    return .tag(
      "figure", [:], .tag("figcaption", [:], HTML(title)),
      .tag(
        "svg",
        [
          "viewBox": "0 0 \(width) \(height)", "role": "img", "aria-label": title,
          "style": "max-width:\(width)px",
        ], drawn))
  }
}
