public import Market

// Actions that are about no order of ours, and what the venue answers to any action.
extension HyperliquidClient {
  /// Sets the leverage of a symbol, cross or isolated; answered by
  /// ``ActionOutcome/leverage(_:_:)``.
  ///
  /// It waits until the venue has said what it lists, and is sent again until there is an answer.
  public mutating func setLeverage(
    _ leverage: Int64, isCross: Bool, of symbol: Symbol, at now: Now,
    into effects: inout [ClientEffect]
  ) {
    enqueue(.leverage(symbol, leverage, isCross: isCross), at: now, into: &effects)
  }

  /// Cancels orders by the venue's ids, such as those that somebody else placed; each is answered
  /// by ``ActionOutcome/cancel(venueID:_:)``.
  public mutating func cancel(
    venueOrders orders: [(symbol: Symbol, venueID: UInt64)], at now: Now,
    into effects: inout [ClientEffect]
  ) {
    guard !orders.isEmpty else { return }
    enqueue(.cancelForeign(orders), at: now, into: &effects)
  }

  /// Asks how many actions the address has left; from then on a share of them is kept for what
  /// protects.
  public mutating func refreshActionBudget(at now: Now, into effects: inout [ClientEffect]) {
    enqueue(.info(.actionBudget), at: now, into: &effects)
  }

  mutating func leverageSet(
    _ symbol: Symbol, _ response: HTTPResponse, at now: Now, into effects: inout [ClientEffect]
  ) {
    let verdict: ActionVerdict =
      switch outcome(of: response, .updateLeverage, ["default"], at: now, into: &effects) {
      case .silent: .unknown(.malformed)
      case .refused(let text): .refused(Self.bounded(text))
      case .statuses: .accepted
      }
    effects.append(.action(.leverage(symbol, verdict)))
  }

  mutating func cancelledForeign(
    _ ids: [UInt64], _ response: HTTPResponse, at now: Now, into effects: inout [ClientEffect]
  ) {
    let outcome = outcome(of: response, .cancel, ["cancel"], at: now, into: &effects)
    for (index, id) in ids.enumerated() {
      var verdict = ActionVerdict.unknown(.malformed)
      if case .refused(let text) = outcome { verdict = .refused(Self.bounded(text)) }
      if case .statuses(let list) = outcome {
        let isShared = list.count == 1 && list[0]["error"] != nil
        let status = isShared ? list[0] : (list.count == ids.count ? list[index] : nil)
        if status?.string == "success" {
          verdict = .accepted
        } else if let text = status?["error"]?.string {
          verdict = .refused(Self.bounded(text))
        }
      }
      effects.append(.action(.cancel(venueID: id, verdict)))
    }
  }

  static func bounded(_ text: String) -> String {
    String(text.prefix(RejectedInput.excerptLimit))
  }

  /// What the envelope of a reply to an action says.
  enum Outcome {
    /// Nothing that proves anything.
    case silent
    /// The whole action was refused, in these words.
    case refused(String)
    /// Accepted, with a verdict for each part (none where the action has no parts).
    case statuses([JSONValue])
  }

  /// Reads a reply whose type must be one of `types`; only `default` goes without verdicts.
  mutating func outcome(
    of response: HTTPResponse, _ kind: InputKind, _ types: [String], at now: Now,
    into effects: inout [ClientEffect]
  ) -> Outcome {
    guard response.status == 200 else {
      reject(kind, .status(response.status), response.body, into: &effects)
      // The venue could not read the action, so it did not act on it.
      return response.status == 422 ? .refused("") : .silent
    }
    let root: JSONValue
    do throws(JSONFault) {
      root = try parser.parse(response.body).root
    } catch {
      reject(kind, .json(error), response.body, into: &effects)
      return .silent
    }
    switch root["status"]?.string {
    case "err":
      guard let text = root["response"]?.string else { break }
      if text.hasPrefix("Too many cumulative requests") {
        actions.refused(text, at: now)
      }
      return .refused(text)
    case "ok":
      guard let reply = root["response"], let type = reply["type"]?.string, types.contains(type)
      else { break }
      if type == "default" { return .statuses([]) }
      guard let elements = reply["data"]?["statuses"]?.elements, !elements.isEmpty else { break }
      return .statuses(Array(elements))
    default: break
    }
    reject(kind, .member("status"), response.body, into: &effects)
    return .silent
  }
}
