import Dispatch
import Files
import Glibc
import Restoration
import Terminals

/// What Ctrl-C, SIGTERM and a closed terminal do: remove files that are not whole, and end.
enum Interruption {
    /// Arms the handlers for as long as the sources live.
    ///
    /// A signal that was ignored when the program started (by nohup, or by a shell for its background jobs) stays
    /// ignored. The others' action is left alone: Dispatch puts its own handler in its place.
    ///
    /// - Parameter handle: gets the signal's number, on a queue of its own.
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

    /// Removes the files that are not whole and ends.
    static func end(_ number: Int32) {
        TemporaryFiles.sweep {
            StandardError.write("\npromptir: interrupted\n")
            exit(128 + number)
        }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard sigaction(number, nil, &action) == 0 else { return false }
        // Handlers are addresses; SIG_IGN is the one that is no function.
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
