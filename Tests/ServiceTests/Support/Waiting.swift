struct TimeIsUp: Error {}

/// Waits until the condition holds, for half a minute at most.
func wait(until condition: () throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while try !condition() {
        guard ContinuousClock.now < deadline else { throw TimeIsUp() }
        try await Task.sleep(for: .milliseconds(10))
    }
}
