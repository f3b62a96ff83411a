import Service
import ServiceLifecycle

/// Tells the manager the counts, once a second where they changed.
struct StatusTicker: ServiceLifecycle.Service {
    let assembly: Assembly
    let notifier: any ServiceNotifying

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var last = ""
            while !Task.isCancelled {
                let line = assembly.tally.statusLine
                if line != last {
                    notifier.send(.status(line))
                    last = line
                }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }
}
