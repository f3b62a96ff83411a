import Dispatch
import Glibc
import Synchronization

/// An operator's request, sent by a signal.
package enum ServiceSignal: Sendable, Equatable {
    /// SIGTERM or the first SIGINT: finish the pictures being processed, then end.
    case stop
    /// SIGHUP: read the configuration again.
    case reload
}

/// Turns SIGTERM, SIGINT and SIGHUP into calls on a queue, which are free of the restrictions on signal
/// handlers. SIGPIPE is ignored, so a closed pipe is an error of write(2) and does not end the process.
///
/// A second SIGINT ends the process at once: it calls `forceExit`, by default _exit(130). The next start
/// recovers the pictures that were being processed, as after a power cut.
package final class SignalListener: Sendable {
    /// Unsafe only for the compiler: any thread may use dispatch sources, but on Linux they are not marked as
    /// `Sendable`.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    package init(
        forceExit: @escaping @Sendable () -> Void = { _exit(130) },
        onSignal: @escaping @Sendable (ServiceSignal) -> Void
    ) {
        signal(SIGPIPE, SIG_IGN)
        let queue = DispatchQueue(label: "promptir.signals", qos: .userInteractive)
        let registrations = DispatchGroup()
        func listen(_ number: Int32, _ handler: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
            // The signal's action is not changed. On Linux, a source never receives an ignored signal, and
            // Dispatch itself replaces the default action.
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            registrations.enter()
            source.setRegistrationHandler { registrations.leave() }
            source.setEventHandler(handler: handler)
            source.activate()
            return source
        }
        let counter = InterruptCounter()
        sources = [
            listen(SIGTERM) { onSignal(.stop) },
            listen(SIGHUP) { onSignal(.reload) },
            listen(SIGINT) { counter.count() == 1 ? onSignal(.stop) : forceExit() },
        ]
        // After this wait, no signal can end the process without reaching the handlers.
        registrations.wait()
    }

    /// Stops listening.
    package func cancel() {
        for source in sources { source.cancel() }
    }
}

private final class InterruptCounter: Sendable {
    private let value = Atomic<Int>(0)

    func count() -> Int { value.wrappingAdd(1, ordering: .relaxed).newValue }
}
