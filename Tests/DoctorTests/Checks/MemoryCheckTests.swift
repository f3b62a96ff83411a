import Doctor
import Testing

@Suite struct MemoryCheckTests {
    private func check(whole: Int, fitting: Int) -> Finding {
        MemoryCheck(
            plannedByteCount: 6_000_000_000, acceptedPixelCount: 100_000_000, wholePixelCount: whole,
            fittingPixelCount: fitting
        ).finding
    }

    @Test func whatIsAcceptedAndFitsIsReady() {
        #expect(check(whole: 100_000_000, fitting: 100_000_000).level == .ok)
        let finding = check(whole: 20_000_000, fitting: 100_000_000)
        #expect(finding.level == .ok)
        #expect(finding.text == "6.0 GB for pictures: up to 20 megapixels whole, larger ones in tiles")
    }

    @Test func whatIsAcceptedAndDoesNotFitIsAWarning() {
        let finding = check(whole: 5_000_000, fitting: 50_000_000)
        #expect(finding.level == .warning)
        #expect(finding.text.contains("above 50 megapixels refused as too-large"))
        #expect(finding.advice?.contains("max-pixels") == true)
    }

    @Test(arguments: [(0, 0), (1, 0), (999, 990), (1000, 1000), (500, 500), (37, 30)])
    func theLargestIsFoundInSteps(limit: Int, expected: Int) {
        #expect(MemoryCheck.largest(upTo: 1000) { $0 <= limit } == expected)
    }
}
