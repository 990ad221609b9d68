public import Engine
public import Market
public import Venues

/// The format of a recorded run: what an engine was told, when, and what its chain came to.
///
/// ```
/// file    := "ASSAYREC" frame*
/// frame   := length:u64 complement:u64 payload check:u64
/// payload := 0 header | 1 step | 2 end
/// ```
///
/// `complement` is the length with every bit turned, so that a damaged length is not taken for a
/// frame that a killed process left unfinished; `check` is the digest of the payload.
///
/// A file holds the runs of one store after one another, each from a header to an end; a run whose
/// process was killed has no end, and its last frame may be cut short.
public enum Recording {
  /// The first bytes of every file.
  public static var magic: [UInt8] { Array("ASSAYREC".utf8) }
  /// The form of the frames that follow; raised with every change.
  static var version: Int { 1 }
  /// The longest payload that is believed.
  static var longestPayload: Int { 256 << 20 }

  /// One frame.
  public enum Frame: Hashable, Sendable {
    /// A run begins.
    case header(RecordedHeader)
    /// The engine took a step.
    case step(RecordedStep)
    /// The run ended of its own will.
    case end(RecordedEnd)
  }

  /// A frame as bytes of the file.
  public static func bytes(of frame: Frame) -> [UInt8] {
    var payload = BinaryWriter()
    switch frame {
    case .header(let header):
      payload.write(UInt8(0))
      header.write(to: &payload)
    case .step(let step):
      payload.write(UInt8(1))
      step.write(to: &payload)
    case .end(let end):
      payload.write(UInt8(2))
      payload.write(end.count)
      payload.write(end.digest.value)
    }
    var frame = BinaryWriter()
    frame.write(payload.bytes.count)
    frame.write(~payload.bytes.count)
    return frame.bytes + payload.bytes
      + withUnsafeBytes(of: check(payload.bytes).littleEndian, Array.init)
  }

  static func check(_ payload: [UInt8]) -> UInt64 {
    var digest = Digest()
    digest.add(bytes: payload)
    return digest.value
  }
}

/// What a run was made of: all that a replay needs beside the steps.
public struct RecordedHeader: Hashable, Sendable {
  /// The build that ran.
  public let build: String
  /// The name of the configuration file.
  public let file: String
  /// The text of the configuration file.
  public let configuration: String
  /// The account that the key gave, where the file names none.
  public let account: String?
  /// Whose signatures the run made, where it had a key.
  public let signer: Address?
  /// What the store held.
  public let recovered: DurableState

  /// Describes a run.
  public init(
    build: String, file: String, configuration: String, account: String?, signer: Address?,
    recovered: DurableState
  ) {
    self.build = build
    self.file = file
    self.configuration = configuration
    self.account = account
    self.signer = signer
    self.recovered = recovered
  }
}

/// A signature that a step asked for: a replay has no key, and needs none.
public struct RecordedSignature: Hashable, Sendable {
  /// What was signed.
  public let connectionID: [UInt8]
  /// The signature; nil where the signer refused.
  public let signature: ActionSignature?

  /// Describes a signature.
  public init(connectionID: [UInt8], signature: ActionSignature?) {
    self.connectionID = connectionID
    self.signature = signature
  }
}

/// One step of a recorded engine.
public struct RecordedStep: Hashable, Sendable {
  /// Both clocks.
  public let now: Now
  /// What the engine was told.
  public let input: HostInput
  /// What was signed on the way, in order.
  public let signatures: [RecordedSignature]
  /// The chain after the step.
  public let digest: StepDigest

  /// Describes a step.
  public init(
    now: Now, input: HostInput, signatures: [RecordedSignature], digest: StepDigest
  ) {
    self.now = now
    self.input = input
    self.signatures = signatures
    self.digest = digest
  }
}

/// The end of a run that stopped of its own will.
public struct RecordedEnd: Hashable, Sendable {
  /// How many steps there were.
  public let count: Int
  /// The digest of the run.
  public let digest: Digest

  /// Describes an end.
  public init(count: Int, digest: Digest) {
    self.count = count
    self.digest = digest
  }
}
