import PromptIR
import Restoration
import RestorationTestSupport
import Testing

@Suite struct PictureMemoryTests {
    private static let megabyte = 1 << 20

    @Test func theProgramsOwnPartIsTakenOff() throws {
        let network = try Model.load().network
        let budget = try PictureMemory.budget(
            of: 200 * Self.megabyte, for: network, atRest: 40 * Self.megabyte)
        #expect(budget == (200 - 48) * Self.megabyte)
        // A little more or less makes no difference.
        #expect(
            try PictureMemory.budget(of: 200 * Self.megabyte, for: network, atRest: 47_000_000) == budget)
    }

    @Test func tooLittleIsRefusedWithTheNumberNeeded() throws {
        let network = try Model.load().network
        let error = try #require(throws: MemoryLimitTooLow.self) {
            try PictureMemory.budget(of: 50 * Self.megabyte, for: network, atRest: 48 * Self.megabyte)
        }
        let needed = error.neededMegabytes
        #expect(error.description.contains("expected at least \(needed) MB, found 50 MB"))
        let least = try PictureMemory.budget(
            of: needed * Self.megabyte, for: network, atRest: 48 * Self.megabyte)
        #expect(least > 0 && least < 16 * Self.megabyte)
    }

    @Test func withoutALimitTheMachineDecides() throws {
        #expect(try PictureMemory.budget(of: nil, for: Model.load().network) >= 64 * Self.megabyte)
    }
}
