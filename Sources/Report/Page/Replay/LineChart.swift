import Market

/// Lines over time as inline SVG, drawn with integers so that equal figures draw equal pictures.
enum LineChart {
  /// One line; points in order of time.
  struct Line {
    let label: String
    /// Classes that colour it and let a filter hide it.
    let style: String
    let points: [(time: Instant, value: Int64)]
  }

  static let width: Int64 = 1_230
  private static let left: Int64 = 84
  private static let top: Int64 = 10

  /// The chart; a zero line is drawn where the values cross it.
  static func svg(
    _ title: String, _ lines: [Line], height: Int64, shown: (Int64) -> String
  ) -> HTML {
    let points = lines.flatMap(\.points)
    guard let low = points.map(\.value).min(), let high = points.map(\.value).max(),
      let from = points.map(\.time).min(), let to = points.map(\.time).max()
    else { return .tag("p", [:], HTML("\(title): nothing to draw.")) }
    let scale = Scale(from: low, to: high, height: height, top: top)
    func x(_ time: Instant) -> Int64 {
      let span = max(1, (to - from).nanoseconds)
      return left * 10
        + Int64(
          Int128((time - from).nanoseconds) * Int128((width - left - 6) * 10) / Int128(span))
    }
    let drawn = lines.map { line -> HTML in
      var path = ""
      for (index, point) in line.points.enumerated() {
        path += "\(index == 0 ? "M" : "L")\(tenths(x(point.time))) \(tenths(scale.y(point.value)))"
      }
      return .tag(
        "path", ["class": "line \(line.style)", "d": path], .tag("title", [:], HTML(line.label)))
    }
    var marks = [(low, scale.y(low)), (high, scale.y(high))]
    if low < 0, high > 0 { marks.append((0, scale.y(0))) }
    let rules = marks.map { value, y -> HTML in
      .tag("path", ["class": "rule", "d": "M\(left) \(tenths(y))H\(width)"])
        + .tag(
          "text", ["x": "\(left - 6)", "y": "\(tenths(y + 40))", "class": "label"],
          HTML(shown(value)))
    }
    let bottom = top + height + 18
    return figure(
      title, width: width, height: bottom + 4,
      rules + drawn + [
        .tag("text", ["x": "\(left)", "y": "\(bottom)"], HTML(day(from))),
        .tag("text", ["x": "\(width)", "y": "\(bottom)", "class": "label"], HTML(day(to))),
      ])
  }

  static func figure(_ title: String, width: Int64, height: Int64, _ drawn: [HTML]) -> HTML {
    .tag(
      "figure", [:], .tag("figcaption", [:], HTML(title)),
      .tag(
        "svg",
        [
          "viewBox": "0 0 \(width) \(height)", "role": "img", "aria-label": title,
          "style": "max-width:\(width)px",
        ], drawn))
  }

  static func day(_ instant: Instant) -> String { String(instant.description.prefix(10)) }

  /// Tenths of a unit as a coordinate.
  static func tenths(_ count: Int64) -> String {
    let (whole, rest) = count.magnitude.quotientAndRemainder(dividingBy: 10)
    return "\(count < 0 ? "-" : "")\(whole)\(rest == 0 ? "" : ".\(rest)")"
  }
}

/// Where values stand between the bottom and the top of a picture, in tenths of a unit.
struct Scale {
  private let low: Int64
  private let high: Int64
  private let height: Int64
  private let top: Int64

  init(from low: Int64, to high: Int64, height: Int64, top: Int64) {
    self.low = low
    self.high = high
    self.height = height
    self.top = top
  }

  /// A value between the ends; the middle where the ends are equal.
  func y(_ value: Int64) -> Int64 {
    guard high > low else { return (top + height / 2) * 10 }
    let clamped = min(high, max(low, value))
    let part =
      (Int128(high) - Int128(clamped)) * Int128(height * 10) / (Int128(high) - Int128(low))
    return top * 10 + Int64(part)
  }
}
