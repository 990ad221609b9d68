import Market
import Simulation
import Venues

/// What replaying a recording came to, for people and programs.
struct RecordedReplayReport {
  let path: String
  let runs: [RecordedRun]
  let tornBytes: Int64

  var hasPassed: Bool { !runs.isEmpty && runs.allSatisfy { $0.divergence == nil } }

  /// The digest of every run, chained: one number for the whole file.
  var digest: Digest {
    var digest = Digest()
    for run in runs { digest.add(run.chain.digest.value) }
    return digest
  }

  func print(on console: Console) {
    var table = Table([
      .init(title: "run", alignment: .right), .init(title: "from"), .init(title: "to"),
      .init(title: "steps", alignment: .right), .init(title: "signals", alignment: .right),
      .init(title: "fills", alignment: .right), .init(title: "digest"),
      .init(title: "", isFlexible: true),
    ])
    for run in runs {
      let style: Console.Style = run.divergence == nil ? .good : .bad
      let end = run.isFinished ? "same" : "same, killed"
      table.add([
        Table.Cell("\(run.epoch)"), Table.Cell(run.begun.map(clock) ?? "-"),
        Table.Cell(run.ended.map(clock) ?? "-"), Table.Cell(grouped(run.chain.count)),
        Table.Cell(grouped(run.figures.signalCount)), Table.Cell(grouped(run.figures.fillCount)),
        Table.Cell("\(run.chain.digest)"),
        Table.Cell(run.divergence == nil ? end : "DIFFERS", style),
      ])
    }
    console.print(table.lines(on: console))
    console.print()
    for run in runs {
      guard let difference = run.divergence else { continue }
      console.print(
        "run \(run.epoch) differs from step \(grouped(difference.step)) on, at "
          + "\(difference.time), in \(difference.component?.name ?? "the order of its parts"): "
          + "recorded \(difference.recorded), replayed \(difference.replayed)")
      if run.build != BuildIdentity.build {
        console.print("  recorded by \(run.build), replayed by \(BuildIdentity.build)")
      }
    }
    if tornBytes > 0 {
      console.print(
        "the last \(grouped(tornBytes)) bytes are a step that was being written when the process "
          + "was killed: left out")
    }
    console.print("\(counted(runs.count, "run")), digest \(digest)")
  }

  var json: String {
    Document.text(command: "replay", hasPassed: hasPassed) { figures in
      figures.string("recording", path)
      figures.string("digest", "\(digest)")
      figures.integer("runs", runs.count)
      figures.integer("steps", runs.reduce(0) { $0 + $1.chain.count })
      figures.integer("tornBytes", tornBytes)
    } items: { items in
      for run in runs {
        items.object { item in
          item.string("id", "run-\(run.epoch)")
          item.string("verdict", run.divergence == nil ? "pass" : "fail")
          item.string("digest", "\(run.chain.digest)")
          item.string("build", run.build)
          item.integer("steps", run.chain.count)
          item.integer("signals", run.figures.signalCount)
          item.integer("fills", run.figures.fillCount)
          item.bool("isFinished", run.isFinished)
          if let difference = run.divergence {
            item.integer("step", difference.step)
            item.string("component", difference.component?.name ?? "")
            item.string("recorded", "\(difference.recorded)")
            item.string("replayed", "\(difference.replayed)")
          }
        }
      }
    }
  }
}
