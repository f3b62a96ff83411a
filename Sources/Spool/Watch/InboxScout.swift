import Files
import Synchronization

/// The watcher, for a queue of its own: a scan of a large inbox takes long, and nothing else is to wait for it. Scans
/// and events are taken one after another.
final class InboxScout: Sendable {
    /// What a scan found beside its findings.
    struct Result: Sendable {
        let inbox: InboxWatcher.Inbox
        let isComplete: Bool
        let heard: InboxWatcher.Heard
    }

    /// Findings are handed over in portions, of so many or after so long: memory for a whole inbox of them is not at
    /// hand.
    private static let portion = (count: 512, time: Duration.milliseconds(200))

    private let watcher: Mutex<InboxWatcher>
    private let cancellation: Cancellation
    /// Apart from the watcher, whose lock a scan holds.
    private let polling: Mutex<String?>
    /// Becomes readable when something happened in the inbox; nil without inotify.
    let descriptor: Descriptor?

    /// - Parameter beat: called with every entry that is looked at.
    init(
        inbox path: Path, mount: Mount, shard: Shard?, files: FileSystem, beat: @escaping @Sendable () -> Void
    ) {
        let cancellation = Cancellation()
        let watcher = InboxWatcher(inbox: path, mount: mount, shard: shard, files: files) {
            beat()
            return !cancellation.isCancelled
        }
        self.cancellation = cancellation
        descriptor = watcher.descriptor
        polling = Mutex(watcher.pollingReason)
        self.watcher = Mutex(watcher)
    }

    /// Why inotify cannot be relied on, as of the last scan; nil where it can.
    var pollingReason: String? { polling.withLock(\.self) }

    /// Ends a scan at work early, and those to come.
    func cancel() { cancellation.cancel() }

    /// Reads the whole inbox.
    func scan(on mount: Mount, _ take: @escaping ([InboxWatcher.Finding]) -> Void) -> Result {
        watcher.withLock { watcher in
            watcher.mount = mount
            let (inbox, isComplete, heard) = Self.inPortions(take) { watcher.scan($0) }
            polling.withLock { $0 = watcher.pollingReason }
            return Result(inbox: inbox, isComplete: isComplete, heard: heard)
        }
    }

    /// Takes what inotify has to say.
    func hear(_ take: @escaping ([InboxWatcher.Finding]) -> Void) -> InboxWatcher.Heard {
        watcher.withLock { watcher in Self.inPortions(take) { watcher.hear($0) } }
    }

    private static func inPortions<Value>(
        _ take: @escaping ([InboxWatcher.Finding]) -> Void, _ body: ((InboxWatcher.Finding) -> Void) -> Value
    ) -> Value {
        var findings: [InboxWatcher.Finding] = []
        var since = ContinuousClock.now
        let value = body { finding in
            findings.append(finding)
            if findings.count >= portion.count || .now - since >= portion.time {
                take(findings)
                findings.removeAll(keepingCapacity: true)
                since = .now
            }
        }
        if !findings.isEmpty { take(findings) }
        return value
    }
}

/// Says that work is to end early.
private final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)

    var isCancelled: Bool { flag.load(ordering: .relaxed) }

    func cancel() { flag.store(true, ordering: .relaxed) }
}
