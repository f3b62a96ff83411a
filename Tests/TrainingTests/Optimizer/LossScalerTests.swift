import Testing
import Training

struct LossScalerTests {
    /// Takes as many outcomes; says whether all were accepted.
    private func take(_ count: Int, isFinite: Bool, _ scaler: inout LossScaler) -> Bool {
        var isAccepted = true
        for _ in 0..<count where !scaler.accepts(isFinite: isFinite) { isAccepted = false }
        return isAccepted
    }

    @Test func halvesOnOverflowAndDoublesAfterManyGoodSteps() {
        var scaler = LossScaler()
        #expect(scaler.scale == 65_536)
        #expect(take(1, isFinite: false, &scaler) == false)
        #expect(scaler.scale == 32_768)
        #expect(take(1_999, isFinite: true, &scaler) && scaler.scale == 32_768)
        #expect(take(1, isFinite: true, &scaler) && scaler.scale == 65_536)
        // An overflow begins the count anew.
        #expect(take(1_999, isFinite: true, &scaler))
        #expect(take(1, isFinite: false, &scaler) == false)
        #expect(take(1_999, isFinite: true, &scaler) && scaler.scale == 32_768)
    }

    @Test func givesUpInTheEnd() {
        var scaler = LossScaler()
        var count = 0
        while !scaler.isExhausted {
            _ = scaler.accepts(isFinite: false)
            count += 1
        }
        #expect(count == 31)
    }
}
