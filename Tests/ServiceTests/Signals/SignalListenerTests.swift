import Glibc
import Service
import TestSupport
import Testing

@Suite struct SignalListenerTests {
    @Test func signalsBecomeRequests() {
        let received = Recorder<ServiceSignal>()
        let forced = Recorder<Bool>()
        let listener = SignalListener(forceExit: { forced.append(true) }, onSignal: { received.append($0) })
        defer {
            listener.cancel()
            for number in [SIGTERM, SIGINT, SIGHUP] { signal(number, SIG_DFL) }
        }
        send(SIGHUP) { received.all == [.reload] }
        send(SIGTERM) { received.all == [.reload, .stop] }
        send(SIGINT) { received.all == [.reload, .stop, .stop] }
        #expect(forced.all.isEmpty)
        send(SIGINT) { forced.all.count == 1 }
        #expect(received.all.count == 3)
        // Ends the process if it is not ignored.
        kill(getpid(), SIGPIPE)
    }

    /// Waits in place, because the threads that tasks share are busy with other tests for minutes.
    private func send(_ number: Int32, until condition: () -> Bool) {
        kill(getpid(), number)
        let isSeen = waitUntil(condition)
        #expect(isSeen)
    }
}
