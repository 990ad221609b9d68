import Engine
public import Market
import Venues

extension HostInput: BinaryCodable {
  /// Writes the input.
  public func write(to writer: inout BinaryWriter) {
    switch self {
    case .started: writer.write(UInt8(0))
    case .transport(let input):
      writer.write(UInt8(1))
      writer.write(input)
    case .timer(let id):
      writer.write(UInt8(2))
      writer.write(id.owner)
      writer.write(id.number)
    case .command(let command):
      writer.write(UInt8(3))
      writer.write(command)
    }
  }

  /// Reads an input.
  ///
  /// - Throws: ``BinaryFault`` where the bytes are not an input.
  public init(from reader: inout BinaryReader) throws(BinaryFault) {
    let start = reader.position
    switch try reader.readByte() {
    case 0: self = .started
    case 1: self = .transport(try reader.readTransportInput())
    case 2:
      self = .timer(TimerID(owner: try reader.readByte(), number: try reader.readUInt64()))
    case 3: self = .command(try reader.readCommand())
    default: throw .invalid(offset: start)
    }
  }
}

extension BinaryWriter {
  fileprivate mutating func write(_ id: ConnectionID) {
    write(id.venue.rawValue)
    write(UInt64(id.number))
  }

  fileprivate mutating func write(_ id: RequestID) {
    write(id.venue.rawValue)
    write(id.number)
  }

  fileprivate mutating func write(_ input: TransportInput) {
    switch input {
    case .opened(let id):
      write(UInt8(0))
      write(id)
    case .frame(let id, let bytes):
      write(UInt8(1))
      write(id)
      write(bytes: bytes)
    case .closed(let id, let failure):
      write(UInt8(2))
      write(id)
      write(failure.map { $0.rawValue + 1 } ?? UInt8(0))
    case .response(let id, let response):
      write(UInt8(3))
      write(id)
      write(response.status)
      write(response.headers.count)
      for header in response.headers {
        write(header.name)
        write(header.value)
      }
      write(bytes: response.body)
    case .failed(let id, let failure):
      write(UInt8(4))
      write(id)
      write(failure.rawValue)
    }
  }

  fileprivate mutating func write(_ command: OperatorCommand) {
    switch command {
    case .kill(let reason):
      write(UInt8(0))
      write(reason)
    case .resume(let reason):
      write(UInt8(1))
      write(reason)
    case .flatten(let reason):
      write(UInt8(2))
      write(reason)
    case .stop: write(UInt8(3))
    }
  }
}

extension BinaryReader {
  fileprivate mutating func readVenue() throws(BinaryFault) -> Venue {
    let start = position
    guard let venue = Venue(rawValue: try readByte()) else { throw .invalid(offset: start) }
    return venue
  }

  fileprivate mutating func readConnection() throws(BinaryFault) -> ConnectionID {
    let venue = try readVenue()
    let start = position
    guard let number = UInt32(exactly: try readUInt64()) else { throw .invalid(offset: start) }
    return ConnectionID(venue: venue, number: number)
  }

  fileprivate mutating func readRequest() throws(BinaryFault) -> RequestID {
    RequestID(venue: try readVenue(), number: try readUInt64())
  }

  fileprivate mutating func readFailure() throws(BinaryFault) -> TransportFailure {
    let start = position
    guard let failure = TransportFailure(rawValue: try readByte()) else {
      throw .invalid(offset: start)
    }
    return failure
  }

  fileprivate mutating func readTransportInput() throws(BinaryFault) -> TransportInput {
    let start = position
    switch try readByte() {
    case 0: return .opened(try readConnection())
    case 1: return .frame(try readConnection(), try readBytes())
    case 2:
      let id = try readConnection()
      let code = try readByte()
      guard code > 0 else { return .closed(id, nil) }
      guard let failure = TransportFailure(rawValue: code - 1) else {
        throw .invalid(offset: start)
      }
      return .closed(id, failure)
    case 3:
      let id = try readRequest()
      let status = try readInt()
      let count = try readInt()
      // Hosts pass on the understood fields alone, each once.
      guard (0...HTTPResponse.understoodHeaders.count).contains(count) else {
        throw .invalid(offset: start)
      }
      var headers: [HTTPHeader] = []
      for _ in 0..<count { headers.append(HTTPHeader(try readString(), try readString())) }
      return .response(id, HTTPResponse(status: status, headers: headers, body: try readBytes()))
    case 4: return .failed(try readRequest(), try readFailure())
    default: throw .invalid(offset: start)
    }
  }

  fileprivate mutating func readCommand() throws(BinaryFault) -> OperatorCommand {
    let start = position
    switch try readByte() {
    case 0: return .kill(reason: try readString())
    case 1: return .resume(reason: try readString())
    case 2: return .flatten(reason: try readString())
    case 3: return .stop
    default: throw .invalid(offset: start)
    }
  }
}
