import TestSupport
import Testing
import Training

struct LearningRateScheduleTests {
    static func schedule(
        _ shape: LearningRateSchedule.Shape = .cosine, by period: LearningRateSchedule.Period = .update,
        warmUp: Int = 0, updatesPerEpoch: Int = 1, epochs: Int = 10
    ) -> LearningRateSchedule {
        LearningRateSchedule(
            shape: shape, period: period, base: 2e-4, least: 1e-6, warmUpUpdateCount: warmUp,
            updatesPerEpoch: updatesPerEpoch, epochCount: epochs)
    }

    @Test(.enabled(if: SharedFolder.isPresent, Comment(rawValue: SharedFolder.absence)))
    func cosineIsPyTorchs() throws {
        let golden = try #require(try GoldenTraining().steps["mse"])
        for period in LearningRateSchedule.Period.allCases {
            for (update, expected) in golden.learningRates.enumerated() {
                let rate = Self.schedule(by: period).rate(update: update)
                #expect(abs(rate - expected) <= 1e-12 * expected, "update \(update)")
            }
        }
    }

    @Test func periodHoldsTheRateForAnEpoch() {
        let byEpoch = Self.schedule(by: .epoch, updatesPerEpoch: 7)
        let byUpdate = Self.schedule(updatesPerEpoch: 7)
        for update in 0..<70 {
            #expect(byEpoch.rate(update: update) == byUpdate.rate(update: update / 7 * 7))
        }
    }

    @Test func warmUpRisesToTheBase() {
        let schedule = Self.schedule(warmUp: 4, epochs: 14)
        let rates = (0..<14).map { schedule.rate(update: $0) }
        for (rate, expected) in zip(rates, [0.5e-4, 1e-4, 1.5e-4, 2e-4]) {
            #expect(abs(rate - expected) < 1e-18)
        }
        #expect(rates[4] == 2e-4)
        #expect(rates[4...] == ArraySlice((0..<10).map { Self.schedule().rate(update: $0) }))
        #expect(Self.schedule(.constant, warmUp: 2).rate(update: 9) == 2e-4)
    }

    @Test func timeBringsTheEndForward() {
        let schedule = Self.schedule(epochs: 1000)
        #expect(schedule.rate(update: 0, timeShare: 0.5) == (2e-4 + 1e-6) / 2)
        #expect(abs(schedule.rate(update: 10, timeShare: 1) - 1e-6) < 1e-18)
        #expect(schedule.rate(update: 900, timeShare: 0.5) == schedule.rate(update: 900))
    }

    @Test func beyondTheEndNothingRises() {
        #expect(abs(Self.schedule().rate(update: 25) - 1e-6) < 1e-18)
    }
}
