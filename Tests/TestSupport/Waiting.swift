import Glibc

/// How long a test waits for what must happen.
///
/// All tests start together and share one thread per core: a task that sleeps may get its thread back only when
/// every other test is done. This is longer than they take together; only a failing test waits for so long.
package let patience = Duration.seconds(600)

package struct TimeIsUp: Error {
    package init() {}
}

/// Waits until the condition holds; throws ``TimeIsUp`` after ``patience``.
package func wait(until condition: () throws -> Bool) async throws {
    let deadline = ContinuousClock.now + patience
    while try !condition() {
        guard ContinuousClock.now < deadline else { throw TimeIsUp() }
        try await Task.sleep(for: .milliseconds(10))
    }
}

/// Waits on the test's own thread until the condition holds, for ``patience`` at most; says whether it does.
package func waitUntil(_ condition: () -> Bool) -> Bool {
    let deadline = ContinuousClock.now + patience
    while !condition() {
        if ContinuousClock.now > deadline { return false }
        usleep(1000)
    }
    return true
}
