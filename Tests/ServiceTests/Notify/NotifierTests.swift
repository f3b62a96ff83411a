import Glibc
import Service
import TestSupport
import Testing

/// The environment is the process's: these tests run one after another.
@Suite(.serialized) struct NotifierTests {
    @Test func everyMessageReachesASocketWithAPath() throws {
        let folder = try TemporaryFolder()
        try check(address: folder.path("notify"))
    }

    @Test func everyMessageReachesAnAbstractSocket() throws {
        try check(address: "@promptir-test-\(getpid())")
    }

    @Test func withoutASocketNothingIsSentAndNothingFails() {
        unsetenv("NOTIFY_SOCKET")
        SystemdNotifier().send(.ready)
    }

    @Test func aDeafSocketIsForgiven() throws {
        let folder = try TemporaryFolder()
        setenv("NOTIFY_SOCKET", folder.path("absent"), 1)
        defer { unsetenv("NOTIFY_SOCKET") }
        SystemdNotifier().send(.ready)
    }

    @Test func theWatchdogsIntervalIsReadFromTheEnvironment() {
        let notifier = SystemdNotifier()
        defer {
            unsetenv("WATCHDOG_USEC")
            unsetenv("WATCHDOG_PID")
        }
        #expect(notifier.watchdogInterval == nil)
        setenv("WATCHDOG_USEC", "2500000", 1)
        #expect(notifier.watchdogInterval == .milliseconds(2500))
        setenv("WATCHDOG_PID", "\(getpid())", 1)
        #expect(notifier.watchdogInterval == .milliseconds(2500))
        setenv("WATCHDOG_PID", "1", 1)
        #expect(notifier.watchdogInterval == nil)
    }

    private func check(address: String) throws {
        let socket = try NotifySocket(address: address)
        setenv("NOTIFY_SOCKET", address, 1)
        defer { unsetenv("NOTIFY_SOCKET") }
        let notifier = SystemdNotifier()
        notifier.send(.ready, .status("2 active, 5 queued"))
        #expect(socket.receive() == "READY=1\nSTATUS=2 active, 5 queued")
        notifier.send(.reloading(monotonicMicroseconds: 42))
        #expect(socket.receive() == "RELOADING=1\nMONOTONIC_USEC=42")
        notifier.send(.watchdog)
        #expect(socket.receive() == "WATCHDOG=1")
        notifier.send(.stopping, .extendTimeout(.milliseconds(1500)))
        #expect(socket.receive() == "STOPPING=1\nEXTEND_TIMEOUT_USEC=1500000")
        notifier.send(.failure(errno: ENOSPC))
        #expect(socket.receive() == "ERRNO=28")
        notifier.send(.status("a\nREADY=1.png"))
        #expect(socket.receive() == "STATUS=a\\x0aREADY=1.png")
        notifier.send([])
        #expect(socket.receive() == nil)
    }
}

@Test func theReloadClockAdvances() {
    let first = SystemdNotifier.monotonicMicroseconds
    #expect(first > 0)
    #expect(SystemdNotifier.monotonicMicroseconds >= first)
}

@Test(
    arguments: [
        (Duration.zero, 0), (.microseconds(1), 1), (.seconds(90), 90_000_000), (.nanoseconds(1999), 1),
        (.seconds(-1), 0),
    ] as [(Duration, UInt64)])
func durationsBecomeWholeMicroseconds(duration: Duration, expected: UInt64) {
    #expect(duration.wholeMicroseconds == expected)
}
