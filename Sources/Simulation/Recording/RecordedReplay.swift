public import Engine
public import Market
public import Strategies
import Venues

/// What replaying one recorded run came to.
public struct RecordedRun: Sendable {
  /// The build that was recorded.
  public var build: String
  /// The name of its configuration file.
  public var file: String
  /// The run's epoch on its store.
  public var epoch: UInt32
  /// The wall time of the first step.
  public var begun: Instant?
  /// The wall time of the last step.
  public var ended: Instant?
  /// The chain of the replay.
  public var chain = RunChain()
  /// Counts of what the run did.
  public var figures = ReplayFigures()
  /// Whether the recording holds the run's end.
  public var isFinished = false
  /// The first step at which replay and recording differ.
  public var divergence: Divergence?

  /// The first step at which replay and recording differ.
  public struct Divergence: Hashable, Sendable {
    /// Counted from 1.
    public let step: Int
    /// The wall time of the step.
    public let time: Instant
    /// The first component that differs; nil where only the order of components does.
    public let component: Component?
    /// What was recorded, and what the replay came to.
    public let recorded: Digest, replayed: Digest
  }
}

/// Replays a recording: the same engine, told the same at the same times, offline.
///
/// Every step's chain is compared with the recorded one, so that the first difference has a step,
/// a time and a component.
public struct RecordedReplay: ~Copyable {
  /// The runs so far, the one under way last.
  public private(set) var runs: [RecordedRun] = []
  /// Bytes at the end of the file that are no whole frame.
  public var tornBytes: Int64 { reader.tornBytes }
  /// What is asked of the runs, where they are repeated to be explained; set before the first
  /// step.
  public var inquiry: Inquiry?
  private var reader: RecordingReader
  private var engine: Engine?
  private let known: [[UInt8]: ActionSignature?]
  private let strategies: [any StrategyInstance]
  private var outbox = Outbox()

  /// Opens the recording at `path` and reads it once to its end, so that damage is told before
  /// anything is replayed.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - strategies: The strategies of one's own that the runs had beside the configured ones.
  /// - Throws: ``RecordingError`` where it is none, or damaged.
  public init(
    path: String, strategies: [any StrategyInstance] = []
  ) throws(RecordingError) {
    self.init(try Self.signatures(path), try RecordingReader(path: path), strategies)
  }

  private init(
    _ known: [[UInt8]: ActionSignature?], _ reader: consuming RecordingReader,
    _ strategies: [any StrategyInstance]
  ) {
    self.known = known
    self.strategies = strategies
    self.reader = reader
  }

  private static func signatures(
    _ path: String
  ) throws(RecordingError) -> [[UInt8]: ActionSignature?] {
    var reader = try RecordingReader(path: path)
    var known: [[UInt8]: ActionSignature?] = [:]
    while let frame = try reader.next() {
      guard case .step(let step) = frame else { continue }
      for entry in step.signatures { known[entry.connectionID] = .some(entry.signature) }
    }
    return known
  }

  /// Replays at most `count` more frames.
  ///
  /// - Parameters:
  ///   - count: The most frames to take.
  ///   - persist: Told the records of each step and its wall time.
  /// - Returns: Whether there is more.
  /// - Throws: ``RecordingError`` where the recording is damaged, or holds a configuration that
  ///   this build refuses; whatever `persist` throws, wrapped in it.
  public mutating func advance(
    by count: Int, persist: ([Record], Instant) -> Void = { _, _ in }
  ) throws(RecordingError) -> Bool {
    for _ in 0..<count {
      guard let frame = try reader.next() else { return false }
      switch frame {
      case .header(let header): try begin(header)
      case .step(let step): try replay(step, persist)
      case .end(let end): try finish(end)
      }
    }
    return true
  }

  private mutating func begin(_ header: RecordedHeader) throws(RecordingError) {
    do {
      var configuration = try ConfigurationFile.parse(
        header.configuration, file: header.file)
      if let account = header.account { configuration.account = account }
      engine = try Engine(
        configuration: configuration, recovered: header.recovered,
        killSwitchFile: header.recovered.killSwitch, strategies: strategies,
        signer: header.signer.map { ReplayedSigner(address: $0, known: known) })
    } catch {
      throw RecordingError(
        .configuration, path: reader.path, offset: reader.offset, found: "\(error)",
        expected: "a configuration that this build accepts")
    }
    engine?.keepsEvidence = inquiry != nil
    runs.append(
      RecordedRun(
        build: header.build, file: header.file, epoch: (header.recovered.run?.epoch ?? 0) + 1))
  }

  private mutating func replay(
    _ step: RecordedStep, _ persist: ([Record], Instant) -> Void
  ) throws(RecordingError) {
    guard engine != nil, !runs.isEmpty, !runs[runs.count - 1].isFinished else {
      throw misplaced("a step outside a run")
    }
    outbox.removeAll()
    engine?.step(step.input.input, at: step.now, into: &outbox)
    let index = runs.count - 1
    let digest = runs[index].chain.add(step.input, at: step.now, outbox)
    runs[index].begun = runs[index].begun ?? step.now.wall
    runs[index].ended = step.now.wall
    runs[index].figures.eventCount += 1
    for record in outbox.records { runs[index].figures.add(record) }
    for case .alert(let alert) in outbox.effects { runs[index].figures.add(alert) }
    if digest != step.digest, runs[index].divergence == nil {
      runs[index].divergence = RecordedRun.Divergence(
        step: runs[index].chain.count, time: step.now.wall,
        component: Self.difference(digest.parts, step.digest.parts), recorded: step.digest.whole,
        replayed: digest.whole)
    }
    guard !outbox.records.isEmpty else { return }
    persist(outbox.records, step.now.wall)
    inquiry?.take(
      outbox.records, engine?.evidence ?? Evidence(), event: runs[index].chain.count,
      time: step.now.wall)
  }

  private mutating func finish(_ end: RecordedEnd) throws(RecordingError) {
    guard engine != nil, !runs.isEmpty else { throw misplaced("an end outside a run") }
    let index = runs.count - 1
    guard end.count == runs[index].chain.count else {
      throw misplaced("the end of \(end.count) steps after \(runs[index].chain.count)")
    }
    runs[index].isFinished = true
    engine = nil
  }

  private func misplaced(_ found: String) -> RecordingError {
    RecordingError(
      .damaged, path: reader.path, offset: reader.offset, found: found,
      expected: "runs, each from a header to its end")
  }

  /// The first component whose digests differ.
  private static func difference(
    _ replayed: [ComponentDigest], _ recorded: [ComponentDigest]
  ) -> Component? {
    Component.allCases.first { component in
      replayed.first { $0.component == component } != recorded.first { $0.component == component }
    }
  }
}
