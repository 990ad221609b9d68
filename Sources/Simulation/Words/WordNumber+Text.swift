import Risk

/// A line of how a number came about.
public struct Derivation: Hashable, Sendable {
  /// The operation, on named values and on values of earlier lines.
  public let text: String
  /// What it comes to.
  public let value: String
  /// Where it takes the least or the greatest of several, which of them it is.
  public let chosen: String?
}

extension WordNumber {
  /// The value as people write it.
  var valueText: String { (measure ?? Measure()).text(value) }

  /// Whether it has a name, or is written in the rule: nothing lies behind it.
  var isSimple: Bool {
    switch origin {
    case .literal, .input, .limit: true
    default: false
    }
  }

  /// A power of ten that a product only changes units by.
  private var isConversion: Bool {
    guard origin == .literal, value >= 10 else { return false }
    var rest = value
    while rest % 10 == 0 { rest /= 10 }
    return rest == 1
  }

  /// What it was made of, without changes of units.
  var operands: [WordNumber] {
    switch origin {
    case .literal, .input, .limit: []
    case .sum(let one, let other), .difference(let one, let other),
      .remainder(let one, let other), .multiple(let one, let other):
      [one, other]
    case .product(let one, let other):
      [one, other].filter { !$0.isConversion }.flatMap { part in
        if case .product = part.origin { part.operands } else { [part] }
      }
    case .quotient(let one, let other): other.isConversion ? [one] : [one, other]
    case .least(let members), .greatest(let members): members
    case .magnitude(let one): [one]
    }
  }

  /// The same without a change of units around it.
  var stripped: WordNumber {
    switch origin {
    case .product, .quotient:
      let parts = operands
      guard parts.count == 1, let only = parts.first else { return self }
      return only.stripped
    default: return self
    }
  }

  /// How many named values are in it.
  private var weight: Int {
    isSimple ? 1 : operands.reduce(0) { $0 + $1.stripped.weight }
  }

  /// The most named values that a part of a sentence names one by one.
  private static let heaviestPart = 4

  /// How it came about, in one line; parts that are `known` are told by their value.
  ///
  /// - Parameters:
  ///   - context: What a literal measures here.
  ///   - isFactor: Whether a sum needs parentheses.
  ///   - known: What a line before has told.
  /// - Returns: The line, with parentheses where it needs them.
  func text(as context: Measure? = nil, isFactor: Bool = false, known: (WordNumber) -> Bool)
    -> String
  {
    func part(_ number: WordNumber, isFactor: Bool = false) -> String {
      let number = number.stripped
      if known(number) { return number.valueText }
      return number.text(as: measure ?? context, isFactor: isFactor, known: known)
    }
    let bare = stripped
    guard bare.origin == origin else { return part(bare, isFactor: isFactor) }
    let text: String
    switch origin {
    case .literal: return (measure ?? context ?? Measure()).text(value)
    case .input(let name), .limit(let name): return "\(name) \(valueText)"
    case .sum(let one, let other): text = "\(part(one)) + \(part(other))"
    case .difference(let one, let other):
      text = "\(part(one)) − \(part(other, isFactor: true))"
    case .product: return operands.map { part($0, isFactor: true) }.joined(separator: " × ")
    case .quotient(let one, let other):
      let divisor = part(other, isFactor: true)
      let isProduct = if case .product = other.stripped.origin { !known(other) } else { false }
      return "\(part(one, isFactor: true)) ÷ \(isProduct ? "(\(divisor))" : divisor)"
    case .remainder(let one, let other): return "rest of \(part(one)) in \(part(other))"
    case .multiple(let one, let other):
      return "\(part(one)) rounded down to a multiple of \(part(other))"
    case .least(let members), .greatest(let members):
      let word = if case .least = origin { "least" } else { "greatest" }
      guard Self.areAlike(members) else {
        return "\(word) in steps of (\(members.map(\.stepsText).joined(separator: ", ")))"
      }
      return "\(word) of (\(members.map { part($0) }.joined(separator: ", ")))"
    case .magnitude(let one): return "|\(part(one))|"
    }
    return isFactor ? "(\(text))" : text
  }

  /// Whether all of `members` measure the same.
  private static func areAlike(_ members: [WordNumber]) -> Bool {
    let measured = members.filter { $0.measure != nil }
    return zip(measured, measured.dropFirst()).allSatisfy {
      !Measure.common($0.measure, $1.measure).isMixed
    }
  }

  /// The value in bare steps, which is how unlike things are weighed.
  private var stepsText: String {
    let steps = Measure.count.text(value)
    return name.map { "\($0) \(steps)" } ?? steps
  }

  /// How it came about, short enough for a sentence: heavy parts are told by their value.
  func brief(as context: Measure?) -> String {
    let whole = stripped
    guard whole.weight > Self.heaviestPart * 2 else { return text(as: context) { _ in false } }
    return text(as: context) { !$0.isSimple && $0.weight > Self.heaviestPart }
  }

  /// The lines in which it came about, the last its own.
  var derivation: [Derivation] {
    var told: [WordNumber] = []
    var lines: [Derivation] = []
    tell(&told, &lines, isLast: true)
    return lines
  }

  private func tell(_ told: inout [WordNumber], _ lines: inout [Derivation], isLast: Bool) {
    let number = stripped
    guard !number.isSimple, !told.contains(where: { $0 == number }) else { return }
    for operand in number.operands { operand.tell(&told, &lines, isLast: false) }
    guard isLast || number.isWorthALine else { return }
    let known = told
    let text = number.text { part in known.contains { $0 == part } }
    // The last line has the whole number's measure, changes of units included.
    let value = isLast ? valueText : number.valueText
    lines.append(Derivation(text: text, value: value, chosen: number.chosenText(known)))
    told.append(number)
  }

  /// Whether a derivation stops here for a line of its own.
  private var isWorthALine: Bool {
    switch origin {
    case .least, .greatest, .quotient, .multiple: true
    default: weight > 2
    }
  }

  /// Of the least or the greatest of several, those that have the value.
  var chosen: [WordNumber] {
    switch origin {
    case .least(let members), .greatest(let members): members.filter { $0.value == value }
    default: []
    }
  }

  private func chosenText(_ known: [WordNumber]) -> String? {
    guard !chosen.isEmpty else { return nil }
    return chosen.map { member in
      member.text { part in !part.isSimple && part != member && known.contains { $0 == part } }
    }.joined(separator: " and ")
  }

  /// The keys of the limits in it, in their order.
  var limits: [String] {
    if case .limit(let key) = origin { return [key] }
    return operands.reduce(into: []) { keys, part in
      keys += part.limits.filter { !keys.contains($0) }
    }
  }

  /// The named values that it grows with, where it is a size: of several of which it takes the
  /// least, those of the least alone; of a quotient, those of what is divided.
  var governing: [WordNumber] {
    switch origin {
    case .literal: return []
    case .input, .limit: return [self]
    case .least, .greatest: return chosen.flatMap(\.governing)
    case .quotient(let one, _), .multiple(let one, _), .remainder(let one, _),
      .difference(let one, _):
      return one.governing
    case .sum, .product, .magnitude: return operands.flatMap(\.governing)
    }
  }

  /// The name of an input or a limit.
  var name: String? {
    if case .input(let name) = origin { return name }
    if case .limit(let key) = origin { return key }
    return nil
  }
}
