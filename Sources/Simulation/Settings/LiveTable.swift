import Market

/// The keys of a configuration file that only a live run reads.
enum LiveTable {
  static let fields: [Field] = [
    Field("venue", .table(venue), "Where the venue is; needed by `assay live`."),
    Field("feeds", .table(feeds), "Where the venues are that only tell market data."),
    Field("store", .text(atMost: 1_000), "The store's file; data/assay.db by default."),
    Field(
      "killSwitchFile", .text(atMost: 1_000),
      "The kill switch's file; the store's with `.kill` by default."),
    Field("key", .table(key), "Where the key for exchange execution comes from; never the key."),
    Field("health", .table(health), "How the run tells how it is."),
    Field("alerts", .table(alerts), "Where alerts go beside the terminal."),
  ]

  private static let endpoints = [
    Field("http", .text(atMost: 300), isRequired: true, "`https://host` for requests."),
    Field("webSocket", .text(atMost: 300), isRequired: true, "`wss://host` for streams."),
    Field(
      "trust", .text(atMost: 1_000),
      "A file of certificates to trust beside the system's, as `assay exchange --tls` writes it."),
  ]

  private static let venue = Table(
    "venue",
    endpoints + [
      Field(
        "network", .word(LiveSettings.Network.allCases.map(\.rawValue)), isRequired: true,
        "Which network signatures are for."),
      Field(
        "clock", .word(LiveSettings.Clock.allCases.map(\.rawValue)),
        "`served` follows `assay exchange`, on loopback only; `system` by default."),
    ])

  private static let feeds = Table(
    "feeds",
    [Venue.binance, .coinbase, .deribit].map { venue in
      Field(
        "\(venue.name)", .table(Table(venue.name, endpoints)),
        "Its addresses in production by default; the venue's where that is on loopback.")
    })

  private static let key = Table(
    "key",
    [
      Field("environment", .text(atMost: 100), "The variable that holds the key."),
      Field("file", .text(atMost: 1_000), "A file that only its owner may read."),
      Field("generated", .text(atMost: 1_000), "The same, made if missing; on loopback only."),
    ])

  private static let health = Table(
    "health",
    [
      Field("port", .integer(0...65_535), "The port on loopback; 0 serves none; 8081 by default."),
      Field("file", .text(atMost: 1_000), "The file; data/health.json by default."),
      Field(
        "every", .duration(.seconds(1) ... .hours(1)), "How often it is written; 30s by default."),
    ])

  private static let alerts = Table(
    "alerts",
    [Field("file", .text(atMost: 1_000), isRequired: true, "Every alert is appended to it.")])
}

extension LiveSettings {
  /// Reads what has the shape of ``LiveTable``; nil where there is no `venue`.
  init?(_ section: Section) throws(SettingsError) {
    guard let venue = section.section("venue") else {
      for key in ["feeds", "store", "killSwitchFile", "key", "health", "alerts"]
      where section[key] != nil {
        throw section.place(of: key).error(
          "`\(key)` is given without `venue`", "name the venue, or take `\(key)` out")
      }
      return nil
    }
    let endpoints = try VenueEndpoints(venue)
    self.venue = endpoints
    let feeds = section.section("feeds")
    (binance, coinbase, deribit) = (
      try Self.feed(.binance, feeds, beside: endpoints),
      try Self.feed(.coinbase, feeds, beside: endpoints),
      try Self.feed(.deribit, feeds, beside: endpoints)
    )
    network = venue.text("network").flatMap(Network.init(rawValue:)) ?? .testnet
    clock = venue.text("clock").flatMap(Clock.init(rawValue:)) ?? .system
    store = section.text("store") ?? "data/assay.db"
    killSwitch = section.text("killSwitchFile") ?? store + ".kill"
    let health = section.section("health")
    let port = health?.integer("port") ?? 8_081
    healthPort = port == 0 ? nil : Int(port)
    healthFile = health?.text("file") ?? "data/health.json"
    healthInterval = health?.duration("every") ?? .seconds(30)
    alertFile = section.section("alerts")?.text("file")
    key = try section.section("key").map { key throws(SettingsError) in try KeySource(key) }
    for (field, endpoint) in [("http", endpoints.http), ("webSocket", endpoints.webSocket)] {
      guard let served = Network(host: endpoint.host), served != network else { continue }
      throw venue.place(of: field).error(
        "`\(field)` is the venue's \(served.rawValue) and `network` says \(network.rawValue)",
        "name the host and the network of the same money")
    }
    if clock == .served {
      try checkServedClock(venue, feeds)
    }
    if case .generated = key, !isLoopback {
      throw section.place(of: "key").error(
        "`key` is `generated` and the venue is not on loopback",
        "name a variable or a file that holds your key")
    }
  }

  /// A clock that may run faster than the machine's suits venues of this machine only.
  private func checkServedClock(_ venue: Section, _ feeds: Section?) throws(SettingsError) {
    guard isLoopback else {
      throw venue.place(of: "clock").error(
        "`clock` is `served` and the venue is not on loopback", "use `system`")
    }
    for feed in [Venue.binance, .coinbase, .deribit] where !endpoints(of: feed).isLoopback {
      throw (feeds ?? venue).place(of: feed.name).error(
        "`clock` is `served` and \(feed.name) is not on loopback",
        "use `system`, or leave \(feed.name) to `assay exchange`")
    }
  }

  /// Where a feed is: as written, else beside a venue on loopback, else in production.
  private static func feed(
    _ feed: Venue, _ feeds: Section?, beside venue: VenueEndpoints
  ) throws(SettingsError) -> VenueEndpoints {
    if let section = feeds?.section("\(feed.name)") { return try VenueEndpoints(section) }
    return venue.isLoopback ? venue : .production(of: feed)
  }
}

extension VenueEndpoints {
  fileprivate init(_ section: Section) throws(SettingsError) {
    self.init(
      http: try Self.endpoint(section, "http", plain: "http"),
      webSocket: try Self.endpoint(section, "webSocket", plain: "ws"),
      trust: section.text("trust"))
  }

  private static func endpoint(
    _ section: Section, _ key: String, plain: String
  ) throws(SettingsError) -> Endpoint {
    let text = section.text(key) ?? ""
    guard let endpoint = Endpoint(text, plain: plain) else {
      throw section.place(of: key).error(
        "`\(key)` is `\(text)`", "expected \(plain)s://host, or \(plain)://host:port on loopback")
    }
    guard endpoint.isSecure || endpoint.isLoopback else {
      throw section.place(of: key).error(
        "`\(key)` is not encrypted and leaves this machine", "use \(plain)s://")
    }
    return endpoint
  }
}

extension LiveSettings.Network {
  /// The network that one of the venue's own hosts serves; nil for any other host.
  fileprivate init?(host: String) {
    switch host.lowercased() {
    case "api.hyperliquid.xyz": self = .mainnet
    case "api.hyperliquid-testnet.xyz": self = .testnet
    default: return nil
    }
  }
}

extension LiveSettings.KeySource {
  fileprivate init(_ section: Section) throws(SettingsError) {
    switch (section.text("environment"), section.text("file"), section.text("generated")) {
    case (let name?, nil, nil): self = .environment(name)
    case (nil, let path?, nil): self = .file(path)
    case (nil, nil, let path?): self = .generated(path)
    default:
      throw section.place.error(
        "`key` needs one source", "give one of environment, file, generated")
    }
  }
}
