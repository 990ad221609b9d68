import Market
import NIOCore

/// Calls back when something takes too long; moving it further away costs next to nothing.
///
/// Bound to one event loop.
final class Deadline {
  private let loop: NIOIsolatedEventLoop
  private let expire: () -> Void
  private var due: NIODeadline?
  private var task: (Scheduled<Void>, at: NIODeadline)?

  init(on loop: any EventLoop, _ expire: @escaping () -> Void) {
    self.loop = loop.assumeIsolated()
    self.expire = expire
  }

  /// Sets it anew.
  func set(_ interval: Interval) {
    let due = NIODeadline.now() + .nanoseconds(interval.nanoseconds)
    self.due = due
    if let task, task.at <= due { return }
    arm(at: due)
  }

  /// Takes it away, for good once its owner is gone.
  func cancel() {
    due = nil
    task?.0.cancel()
    task = nil
  }

  private func arm(at time: NIODeadline) {
    task?.0.cancel()
    task = (loop.scheduleTask(deadline: time) { [weak self] in self?.look() }, time)
  }

  private func look() {
    task = nil
    guard let due else { return }
    guard due <= .now() else { return arm(at: due) }
    self.due = nil
    expire()
  }
}
