import Dispatch
import Files
import Glibc
import Restoration
import Terminals

/// Handles Ctrl-C, SIGTERM and a closed terminal: removes incomplete files and exits.
enum Interruption {
    /// Installs the handlers for as long as the sources live.
    ///
    /// A signal that was ignored when the program started (by nohup, or by a shell for its background jobs) stays
    /// ignored. The action of the others is not changed, because Dispatch installs its own handler.
    ///
    /// - Parameter handle: called with the signal's number on a separate queue.
    static func arm(_ handle: @escaping @Sendable (Int32) -> Void = { end($0) }) -> [any DispatchSourceSignal]
    {
        let queue = DispatchQueue(label: "promptir.signals")
        return [SIGINT, SIGTERM, SIGHUP].filter { !isIgnored($0) }.map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { handle(number) }
            source.activate()
            return source
        }
    }

    /// Removes incomplete files and exits.
    static func end(_ number: Int32) {
        TemporaryFiles.sweep {
            StandardError.write("\npromptir: interrupted\n")
            exit(128 + number)
        }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        // Handlers are addresses; SIG_IGN is one that is not a function.
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
