public import Engine
public import Venues

/// What a host outside the virtual world can tell an engine: everything but market data that came
/// past the wire.
public enum HostInput: Hashable, Sendable {
  /// The host is ready.
  case started
  /// The network spoke.
  case transport(TransportInput)
  /// A timer is due.
  case timer(TimerID)
  /// A person spoke.
  case command(OperatorCommand)

  /// The same for the engine.
  public var input: Input {
    switch self {
    case .started: .started
    case .transport(let input): .transport(input)
    case .timer(let id): .timer(id)
    case .command(let command): .command(command)
    }
  }
}
