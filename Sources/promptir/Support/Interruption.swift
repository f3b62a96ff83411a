import Dispatch
import Glibc
import Restoration

/// What Ctrl-C and SIGTERM do: remove files that are not whole, and end.
enum Interruption {
    /// Arms the handlers for the rest of the process's life.
    static func arm() -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM, SIGHUP].map { number in
            // Dispatch sees the signal only where its default action is off.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(
                signal: number, queue: DispatchQueue(label: "promptir.signals"))
            source.setEventHandler {
                TemporaryFiles.sweep {
                    StandardError.put("\npromptir: interrupted\n")
                    exit(128 + number)
                }
            }
            source.resume()
            return source
        }
    }
}
