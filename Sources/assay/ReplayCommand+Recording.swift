import Engine
import Market
import Simulation
import Store

extension ReplayCommand {
  /// Replays a recorded live run and compares every step.
  func replayRecording(_ path: String, on console: Console) throws {
    guard data.count == 1, config == nil, strategies == nil, instrument.isEmpty, !resumeDaily,
      html == nil
    else {
      console.error(
        "\(path) is a recording, which holds its own configuration and inputs",
        remedy: "Give it alone; only --db and --json go with it.")
      throw ExitStatus.usage
    }
    let report: RecordedReplayReport
    do {
      let store = try db.map { try Store(path: $0) }
      if let store, store.stepCount > 0 {
        console.error(
          "\(store.path) holds a run already", remedy: "Name a file that does not exist yet.")
        throw ExitStatus.badInput
      }
      report = try replay(recording: path, into: store, on: console)
      if let json { try OutputFile.write(report.json, to: json) }
    } catch let error as RecordingError {
      console.error(error.description)
      throw error.code == .missing ? ExitStatus.missingInput : ExitStatus.badInput
    } catch let error as StoreError {
      console.error(error.message, remedy: error.remedy)
      throw ExitStatus.badInput
    } catch let error as OutputError {
      console.error(error.message)
      throw ExitStatus.fault
    }
    if json != "-" {
      report.print(on: console)
      console.next(
        report.hasPassed
          ? "nothing: every step of the live run came out the same."
          : "replay with the build that recorded it; if it still differs, report the recording.")
    }
    guard report.hasPassed else { throw ExitStatus.failed }
  }

  private func replay(
    recording path: String, into store: Store?, on console: Console
  ) throws -> RecordedReplayReport {
    var replay = try RecordedReplay(path: path)
    var failure: StoreError?
    var isUnfinished = true
    while isUnfinished, failure == nil {
      isUnfinished = try replay.advance(by: 1_024) { records, wall in
        guard failure == nil else { return }
        do throws(StoreError) { try store?.append(records, at: wall) } catch { failure = error }
      }
    }
    if let failure { throw failure }
    guard !replay.runs.isEmpty else {
      throw RecordingError(
        .damaged, path: path, found: "the recording holds no run", expected: "one run at least")
    }
    return RecordedReplayReport(path: path, runs: replay.runs, tornBytes: replay.tornBytes)
  }
}
