import Spool
import Testing

@Suite("The lines about bad pictures") struct LineBudgetTests {
    @Test func aMinuteHasSoManyAndASummary() {
        var budget = LineBudget()
        let limit = LineBudget.linesPerMinute
        let admitted = (0..<5 * limit).filter { budget.admits(at: .milliseconds($0)) }
        #expect(admitted.count == limit)
        let summaries = [59, 60, 61].map { budget.summary(at: .seconds($0)) }
        #expect(summaries == [nil, 4 * limit, nil])
        let isAdmitted = budget.admits(at: .seconds(62))
        #expect(isAdmitted)
        let quiet = budget.summary(at: .seconds(200))
        #expect(quiet == nil)
    }

    /// A line of the next minute may come before anybody asks for the summary.
    @Test func aFloodThatGoesOnIsSummedUpEachMinute() {
        var budget = LineBudget()
        for second in 0...60 { for _ in 0..<10 { _ = budget.admits(at: .seconds(second)) } }
        let summaries = [60, 61].map { budget.summary(at: .seconds($0)) }
        #expect(summaries == [600 - LineBudget.linesPerMinute, nil])
    }
}
