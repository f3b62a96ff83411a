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
}
