import Restoration
import RestorationTestSupport
import Testing
import Tools

@Suite struct ForwardBenchmarkTests {
    @Test func aPassBeyondTheMemoryIsRefusedBeforeItIsTried() throws {
        let network = try TestModel.restorer().network
        let huge = ForwardBenchmark(network: network, height: 100_000, width: 100_000, threadCount: 1)
        #expect {
            try huge.run(repetitionCount: 1, memoryLimit: 64 << 30)
        } throws: { error in
            error is ForwardBenchmark.TooLarge && "\(error)".contains("100000x100000")
                && "\(error)".contains("65536 MiB to plan with")
        }
        let small = ForwardBenchmark(network: network, height: 8, width: 8, threadCount: 1)
        #expect(throws: ForwardBenchmark.TooLarge.self) {
            try small.run(repetitionCount: 1, memoryLimit: small.byteCount - 1)
        }
        #expect(try small.run(repetitionCount: 1, memoryLimit: small.byteCount).passes.count == 1)
    }
}
