import Glibc
import Service
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct SignalListenerTests {
    @Test func signalsBecomeRequests() async throws {
        let received = Recorder<ServiceSignal>()
        let forced = Recorder<Bool>()
        let listener = SignalListener(forceExit: { forced.append(true) }, onSignal: { received.append($0) })
        defer {
            listener.cancel()
            for number in [SIGTERM, SIGINT, SIGHUP] { signal(number, SIG_DFL) }
        }
        try await send(SIGHUP) { received.all == [.reload] }
        try await send(SIGTERM) { received.all == [.reload, .stop] }
        try await send(SIGINT) { received.all == [.reload, .stop, .stop] }
        #expect(forced.all.isEmpty)
        try await send(SIGINT) { forced.all.count == 1 }
        #expect(received.all.count == 3)
        // Ends the process if it is not ignored.
        kill(getpid(), SIGPIPE)
    }

    private func send(_ number: Int32, until condition: () -> Bool) async throws {
        kill(getpid(), number)
        while !condition() { try await Task.sleep(for: .milliseconds(5)) }
    }
}
