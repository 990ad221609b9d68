/// Works out what a sentence of the reading with words says, from its text alone.
///
/// `equity 10,000 × (100 % − dayLossBasisPoints 3 %)` is 9,700. Words are names and say nothing of
/// their own; a number follows the name of what it is.
struct Arithmetic {
  private var tokens: [String]
  private var position = 0

  /// The value of `text`; nil where it is no arithmetic.
  static func value(_ text: String) -> Double? {
    var arithmetic = Arithmetic(text)
    let value = arithmetic.sum()
    return arithmetic.position == arithmetic.tokens.count ? value : nil
  }

  private init(_ text: String) {
    var spaced = ""
    for (index, character) in text.enumerated() {
      let rest = text.dropFirst(index + 1)
      // A comma between digits marks thousands; before a blank it parts a list.
      if "()|".contains(character) || (character == "," && rest.first == " ") {
        spaced += " \(character) "
      } else {
        spaced.append(character)
      }
    }
    tokens = spaced.split(separator: " ").map(String.init)
  }

  private var next: String? { position < tokens.count ? tokens[position] : nil }

  private mutating func take(_ token: String) -> Bool {
    guard next == token else { return false }
    position += 1
    return true
  }

  private mutating func take(_ words: [String]) -> Bool {
    guard Array(tokens.dropFirst(position).prefix(words.count)) == words else { return false }
    position += words.count
    return true
  }

  private mutating func sum() -> Double? {
    guard var value = product() else { return nil }
    while true {
      if take("+") {
        guard let other = product() else { return nil }
        value += other
      } else if take("−") {
        guard let other = product() else { return nil }
        value -= other
      } else if take(["rounded", "down", "to", "a", "multiple", "of"]) {
        guard let grain = product(), grain > 0 else { return nil }
        value = (value / grain + 1e-9).rounded(.down) * grain
      } else {
        return value
      }
    }
  }

  private mutating func product() -> Double? {
    guard var value = factor() else { return nil }
    while true {
      if take("×") {
        guard let other = factor() else { return nil }
        value *= other
      } else if take("÷") {
        guard let other = factor(), other != 0 else { return nil }
        value /= other
      } else {
        return value
      }
    }
  }

  private mutating func factor() -> Double? {
    if take(["least", "in", "steps", "of", "("]) { return members()?.min() }
    if take(["least", "of", "("]) { return members()?.min() }
    if take(["greatest", "of", "("]) { return members()?.max() }
    if take("(") {
      let value = sum()
      return take(")") ? value : nil
    }
    if take("|") {
      let value = sum()
      return take("|") ? value.map(abs) : nil
    }
    while let token = next {
      position += 1
      guard let number = Self.number(token) else {
        // A name; operators are none.
        guard !"+−×÷),|".contains(token) else { return nil }
        continue
      }
      return take("%") ? number / 100 : number
    }
    return nil
  }

  private mutating func members() -> [Double]? {
    var values: [Double] = []
    repeat {
      guard let value = sum() else { return nil }
      values.append(value)
    } while take(",")
    return take(")") ? values : nil
  }

  private static func number(_ token: String) -> Double? {
    guard let first = token.first, first.isNumber || first == "-" else { return nil }
    return Double(token.filter { $0 != "," && $0 != "×" })
  }
}
