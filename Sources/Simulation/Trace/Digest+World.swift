import Choice
import Engine
import Exchange
import Market
import Risk
import Strategies
import Venues

/// How the events of a run are folded: every part that tells them apart, in a fixed order.
extension Digest {
  static func of(_ input: Input) -> UInt64 {
    var digest = Digest()
    switch input {
    case .started: digest.add(UInt64(1))
    case .transport(let transport):
      digest.add(UInt64(2))
      digest.add(transport)
    case .timer(let id):
      digest.add(UInt64(3))
      digest.add(id)
    case .market(let event):
      digest.add(UInt64(4))
      digest.add("\(event)")
    case .command(let command):
      digest.add(UInt64(5))
      digest.add("\(command)")
    }
    return digest.value
  }

  static func of(_ effect: Effect) -> UInt64 {
    var digest = Digest()
    switch effect {
    case .transport(let transport):
      digest.add(UInt64(1))
      digest.add(transport)
    case .setTimer(let id, let at):
      digest.add(UInt64(2))
      digest.add(id)
      digest.add(at.nanoseconds)
    case .cancelTimer(let id):
      digest.add(UInt64(3))
      digest.add(id)
    case .alert(let alert):
      digest.add(UInt64(4))
      digest.add(alert.code)
      digest.add(UInt64(alert.severity.rawValue))
      if let symbol = alert.symbol { digest.add(symbol) }
      digest.add(alert.message)
    case .stopped: digest.add(UInt64(5))
    }
    return digest.value
  }

  static func of(_ record: Record) -> UInt64 {
    var writer = BinaryWriter()
    writer.write(record)
    var digest = Digest()
    digest.add(bytes: writer.bytes)
    return digest.value
  }

  static func of(_ input: VenueInput) -> UInt64 {
    var digest = Digest()
    switch input {
    case .call(let id, let call):
      digest.add(UInt64(1))
      digest.add(id.number)
      digest.add(UInt64(call.method.rawValue))
      digest.add(call.target)
      digest.add(bytes: call.body)
    case .opened(let id, let path):
      digest.add(UInt64(2))
      digest.add(id.number)
      digest.add(path)
    case .frame(let id, let bytes):
      digest.add(UInt64(3))
      digest.add(id.number)
      digest.add(bytes: bytes)
    case .closed(let id):
      digest.add(UInt64(4))
      digest.add(id.number)
    case .advance: digest.add(UInt64(5))
    case .pong(let id, let bytes):
      digest.add(UInt64(6))
      digest.add(id.number)
      digest.add(bytes: bytes)
    }
    return digest.value
  }

  static func of(_ output: VenueOutput) -> UInt64 {
    var digest = Digest()
    switch output {
    case .reply(let id, let response):
      digest.add(UInt64(1))
      digest.add(id.number)
      digest.add(response)
    case .frame(let id, let bytes):
      digest.add(UInt64(2))
      digest.add(id.number)
      digest.add(bytes: bytes)
    case .close(let id):
      digest.add(UInt64(3))
      digest.add(id.number)
    case .ping(let id, let bytes):
      digest.add(UInt64(4))
      digest.add(id.number)
      digest.add(bytes: bytes)
    }
    return digest.value
  }

  private mutating func add(_ response: HTTPResponse) {
    add(Int64(response.status))
    for header in response.headers {
      add(header.name)
      add(header.value)
    }
    add(bytes: response.body)
  }

  private mutating func add(_ id: TimerID) {
    add(UInt64(id.owner))
    add(id.number)
  }

  private mutating func add(_ id: ConnectionID) {
    add(UInt64(id.venue.rawValue))
    add(UInt64(id.number))
  }

  private mutating func add(_ id: RequestID) {
    add(UInt64(id.venue.rawValue))
    add(id.number)
  }

  private mutating func add(_ input: TransportInput) {
    switch input {
    case .opened(let id):
      add(UInt64(1))
      add(id)
    case .frame(let id, let bytes):
      add(UInt64(2))
      add(id)
      add(bytes: bytes)
    case .closed(let id, let failure):
      add(UInt64(3))
      add(id)
      add(UInt64(failure.map { $0.rawValue + 1 } ?? 0))
    case .response(let id, let response):
      add(UInt64(4))
      add(id)
      add(response)
    case .failed(let id, let failure):
      add(UInt64(5))
      add(id)
      add(UInt64(failure.rawValue))
    }
  }

  private mutating func add(_ effect: TransportEffect) {
    switch effect {
    case .connect(let id, let path):
      add(UInt64(1))
      add(id)
      add(path)
    case .send(let id, let bytes):
      add(UInt64(2))
      add(id)
      add(bytes: bytes)
    case .close(let id):
      add(UInt64(3))
      add(id)
    case .request(let id, let request):
      add(UInt64(4))
      add(id)
      add(UInt64(request.method.rawValue))
      add(request.path)
      add(bytes: request.body)
      add(request.timeout.nanoseconds)
    }
  }
}

extension Record {
  /// The component whose digest the record goes to.
  var component: Component {
    switch self {
    case .candle, .funding, .spot, .openInterest, .volatilityIndex, .optionChain: .candles
    case .decision, .signal, .strategyState: .decisions
    case .order: .orders
    case .fill, .position, .account, .equity, .fundingPayment: .portfolio
    case .run, .health, .breaker, .drift, .killSwitch: .health
    }
  }
}

extension Effect {
  /// The component whose digest the effect goes to.
  var component: Component {
    switch self {
    case .transport, .setTimer, .cancelTimer, .stopped: .wire
    case .alert: .health
    }
  }
}
