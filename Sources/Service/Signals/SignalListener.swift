import Dispatch
import Glibc
import Synchronization

/// What an operator asks for by a signal.
package enum ServiceSignal: Sendable, Equatable {
    /// SIGTERM, or the first SIGINT: finish what is in hand and end.
    case stop
    /// SIGHUP: read the configuration anew.
    case reload
}

/// Turns SIGTERM, SIGINT and SIGHUP into calls on a queue, where everything is allowed that a signal handler
/// must not do. SIGPIPE is ignored: a reader that went away is an error of write(2), not the end of the process.
///
/// A second SIGINT means "now": `forceExit` is called, by default _exit(130). What is in hand then is picked up
/// at the next start, as after a power cut.
package final class SignalListener: Sendable {
    /// Unsafe for the compiler alone: dispatch sources may be used from any thread, but are not marked so on Linux.
    nonisolated(unsafe) private let sources: [any DispatchSourceSignal]

    package init(
        forceExit: @escaping @Sendable () -> Void = { _exit(130) },
        onSignal: @escaping @Sendable (ServiceSignal) -> Void
    ) {
        signal(SIGPIPE, SIG_IGN)
        let queue = DispatchQueue(label: "promptir.signals", qos: .userInteractive)
        let registrations = DispatchGroup()
        func listen(_ number: Int32, _ handler: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
            // The action is left alone: an ignored signal never reaches the source on Linux, and for the default
            // one Dispatch puts its own handler in place.
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
        // From the return on, no signal can end the process as if nobody listened.
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
