import Market
import Venues

// Sessions, and what they ask to hear.
extension CoinbaseVenue {
  /// How many sessions are kept; those beyond are closed at once.
  static var mostSessions: Int { 1_000 }

  func place(of id: SessionID) -> Int? { sessions.firstIndex { $0.id == id } }

  mutating func open(_ id: SessionID, _ path: String) {
    guard place(of: id) == nil else { return }
    guard let surface = SpotSurface(path: path), sessions.count < Self.mostSessions,
      isWithin(\.connections)
    else { return outbox.append(.close(id)) }
    let index = sessions.firstIndex { $0.id > id } ?? sessions.count
    sessions.insert(
      SpotSession(id: id, surface: surface, opened: clock, lastSent: clock), at: index)
  }

  mutating func forget(_ id: SessionID) { sessions.removeAll { $0.id == id } }

  /// Closes sessions that never subscribed, or to which there is nothing to say.
  mutating func closeOverdue() {
    for session in sessions {
      guard let due = session.closesAt, due <= clock, !(faults.isSilent && session.hasSubscribed)
      else { continue }
      outbox.append(.close(session.id))
      forget(session.id)
    }
  }

  /// Takes one off a budget; false where it is spent and budgets are enforced.
  private mutating func isWithin(_ budget: WritableKeyPath<SocketBudgets, TokenBucket>) -> Bool {
    let isThere = socketBudgets[keyPath: budget].room(for: 1, at: elapsed) <= elapsed
    if isThere { socketBudgets[keyPath: budget].spend(1, at: elapsed) }
    return isThere || configuration.rateLimits == nil
  }

  // MARK: Requests

  /// Takes in a frame of a client.
  mutating func receive(_ bytes: [UInt8], from id: SessionID, _ market: some TrueMarket) {
    guard let index = place(of: id) else { return }
    let surface = sessions[index].surface
    guard isWithin(surface == .exchange ? \.exchangeMessages : \.advancedMessages) else {
      return refuse("rate limit exceeded", "too many messages", id)
    }
    guard let document = try? parser.parse(bytes), let type = document.root["type"]?.string else {
      return refuse("Malformed JSON", "type is missing", id)
    }
    guard type == "subscribe" || type == "unsubscribe" else {
      return refuse("Invalid type", "\(type) is not a valid type", id)
    }
    let wanted: [SpotSubscription]
    do throws(SubscriptionFault) {
      wanted = try subscriptions(document.root, on: surface)
    } catch { return refuse("Failed to \(type)", error.reason, id) }
    if type == "subscribe" {
      sessions[index].hasSubscribed = true
      add(wanted, to: index, market)
    } else {
      sessions[index].subscriptions.removeAll { held in
        wanted.contains { $0.name == held.name && $0.productID == held.productID }
      }
      acknowledge(index)
    }
  }

  private mutating func add(
    _ wanted: [SpotSubscription], to index: Int, _ market: some TrueMarket
  ) {
    let held = sessions[index].subscriptions
    let new = wanted.filter { subscription in
      !held.contains { $0.name == subscription.name && $0.productID == subscription.productID }
    }
    sessions[index].subscriptions += new
    acknowledge(index)
    for place in held.count..<sessions[index].subscriptions.count {
      sendFirst(session: index, subscription: place, market)
    }
  }

  private func subscriptions(
    _ request: JSONValue, on surface: SpotSurface
  ) throws(SubscriptionFault) -> [SpotSubscription] {
    let ids = try names(request["product_ids"])
    guard surface == .exchange else {
      guard let name = request["channel"]?.string else {
        throw SubscriptionFault(reason: "channel is missing")
      }
      return try subscriptions(name, ids, on: surface)
    }
    guard let channels = request["channels"]?.elements, !channels.isEmpty else {
      throw SubscriptionFault(reason: "channels must be an array of channels")
    }
    var all: [SpotSubscription] = []
    for channel in channels {
      guard let name = channel.string ?? channel["name"]?.string else {
        throw SubscriptionFault(reason: "a channel must have a name")
      }
      let own = try names(channel["product_ids"])
      for wanted in try subscriptions(name, own.isEmpty ? ids : own, on: surface)
      where !all.contains(where: { $0.name == wanted.name && $0.productID == wanted.productID }) {
        all.append(wanted)
      }
    }
    return all
  }

  private func subscriptions(
    _ name: String, _ ids: [String], on surface: SpotSurface
  ) throws(SubscriptionFault) -> [SpotSubscription] {
    guard let channel = SpotChannel(name, on: surface) else {
      throw SubscriptionFault(reason: "\(name) is not a valid channel")
    }
    if channel == .heartbeat, surface == .advanced {
      return [SpotSubscription(channel: channel, name: name, productID: "", product: nil)]
    }
    guard !ids.isEmpty else {
      throw SubscriptionFault(reason: "\(name) needs product_ids")
    }
    var found: [SpotSubscription] = []
    for id in ids where !found.contains(where: { $0.productID == id }) {
      guard let product = productIndex(id, on: surface) else {
        throw SubscriptionFault(reason: "\(id) is not a valid product")
      }
      found.append(
        SpotSubscription(channel: channel, name: name, productID: id, product: product))
    }
    return found
  }

  private func productIndex(_ id: String, on surface: SpotSurface) -> Int? {
    let canonical = surface == .advanced ? advancedProduct(id)?.product.id : id
    return products.firstIndex { $0.id == canonical }
  }

  private func names(_ value: JSONValue?) throws(SubscriptionFault) -> [String] {
    guard let value else { return [] }
    guard let elements = value.elements else {
      throw SubscriptionFault(reason: "product_ids must be an array")
    }
    var names: [String] = []
    for element in elements {
      guard let name = element.string, names.count < 1_000 else {
        throw SubscriptionFault(reason: "product_ids must be an array of products")
      }
      names.append(name)
    }
    return names
  }

  // MARK: Answers

  private mutating func refuse(_ message: String, _ reason: String, _ id: SessionID) {
    guard let index = place(of: id) else { return }
    var writer = JSONWriter()
    writer.object {
      $0.string("type", "error")
      $0.string("message", message)
      $0.string("reason", reason)
    }
    send(writer.bytes, to: index)
  }

  /// Tells a session everything that it hears.
  private mutating func acknowledge(_ index: Int) {
    let names = sessions[index].channelNames
    let held = sessions[index].subscriptions
    guard sessions[index].surface == .advanced else {
      var writer = JSONWriter()
      writer.object { writer in
        writer.string("type", "subscriptions")
        writer.array("channels", names) { writer, name in
          writer.object { writer in
            writer.string("name", name)
            writer.array("product_ids", held.filter { $0.name == name }) {
              $0.string($1.productID)
            }
            writer.null("account_ids")
          }
        }
      }
      return send(writer.bytes, to: index)
    }
    sendEnvelope("subscriptions", to: index) { writer in
      writer.object { writer in
        writer.object("subscriptions") { writer in
          for name in names {
            writer.key(name.utf8)
            writer.array(held.filter { $0.name == name }) {
              $0.string($1.productID.isEmpty ? name : $1.productID)
            }
          }
        }
      }
    }
  }
}

/// Why a subscription is refused.
struct SubscriptionFault: Error, Hashable {
  let reason: String
}

/// What the sockets of one address may use.
struct SocketBudgets: Sendable {
  /// New connections, of both kinds.
  var connections = TokenBucket(capacity: 20, perSecond: 8)
  /// Messages to the Exchange feed.
  var exchangeMessages = TokenBucket(capacity: 100, perSecond: 100)
  /// Messages to Advanced Trade without a key.
  var advancedMessages = TokenBucket(capacity: 8, perSecond: 8)
}

extension SpotSession {
  /// The channels that it hears, by the names it knows them by, each once.
  fileprivate var channelNames: [String] {
    var names: [String] = []
    for subscription in subscriptions where !names.contains(subscription.name) {
      names.append(subscription.name)
    }
    return names
  }
}
