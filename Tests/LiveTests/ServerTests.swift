import Testing

/// Tests with sockets, one after the other: their peers block the few threads that tests share.
@Suite(.serialized, .timeLimit(.minutes(1))) enum ServerTests {}
