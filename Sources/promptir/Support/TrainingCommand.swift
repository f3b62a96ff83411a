import ArgumentParser
import Dispatch
import Glibc
import Restoration
import Terminals
import Training

/// The parts that the training commands share.
enum TrainingCommand {
    /// Runs a body that trains. The first Ctrl-C or SIGTERM asks it to save and stop, and a second one ends it at
    /// once. The exit code then names the signal, as that of any interrupted program. If several processes train together, the failure of one ends all.
    static func run(_ body: (Ranks, StopRequest) throws -> Void) throws {
        let stop = StopRequest()
        try reportingErrors(handlers: handlers(stop)) {
            let ranks = try Ranks.join()
            do {
                try body(ranks, stop)
                ranks.leave()
                if let number = stop.signal { throw ExitCode(128 + number) }
            } catch {
                guard ranks.count > 1, !(error is ExitCode) else { throw error }
                complain("process \(ranks.number): \(error)")
                ranks.abort(status: code(for: error))
                throw error
            }
        }
    }

    private static func handlers(_ stop: StopRequest) -> [any DispatchSourceSignal] {
        Interruption.arm { number in
            if stop.set(number) {
                StandardError.write("\npromptir: saving and ending; once more to end at once\n")
            } else {
                Interruption.end(number)
            }
        }
    }
}
