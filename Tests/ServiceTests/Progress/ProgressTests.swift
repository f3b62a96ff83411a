import Service
import Spool
import Terminals
import Testing

@Suite struct RateMeterTests {
    @Test func nothingIsNoRate() {
        var meter = RateMeter(start: .zero)
        #expect(meter.perMinute(at: .zero) == 0)
        #expect(meter.perMinute(at: .seconds(100)) == 0)
    }

    @Test func theRateIsOverTheTimeSinceTheStart() {
        var meter = RateMeter(start: .seconds(1000))
        for second in 1...60 { meter.complete(at: .seconds(1000 + second)) }
        #expect(meter.perMinute(at: .seconds(1060)) == 60)
        #expect(meter.perMinute(at: .seconds(1120)) == 30)
    }

    @Test func theFirstMomentsDoNotExaggerate() {
        var meter = RateMeter(start: .zero)
        meter.complete(at: .milliseconds(1))
        #expect(meter.perMinute(at: .milliseconds(2)) == 60)
    }

    @Test func whatLiesBeyondTheWindowIsForgotten() {
        var meter = RateMeter(start: .zero)
        for index in 0..<100_000 { meter.complete(at: .milliseconds(index)) }
        #expect(meter.perMinute(at: .seconds(299)) > 0)
        #expect(meter.perMinute(at: .seconds(1000)) == 0)
        meter.complete(at: .seconds(1001))
        #expect(meter.perMinute(at: .seconds(1001)) == 0.2)
    }
}

@Suite struct StatusLineTests {
    @Test func theStatusLineNamesAllCounts() {
        var counts = SpoolSnapshot()
        (counts.active, counts.ready, counts.waiting, counts.done, counts.failed) = (2, 4, 1, 120, 1)
        #expect(
            counts.statusLine(perMinute: 14.26) == "2 active, 5 queued, 120 done, 1 failed, 14.3 images/min")
        counts.pauseReason = "No space left on device"
        #expect(counts.statusLine(perMinute: 0).hasPrefix("paused (No space left on device); 2 active, "))
        (counts.held, counts.unreadable, counts.copied) = (3, 1, 2)
        counts.heldReason = "cannot open /in/a.png: Permission denied"
        counts.unreadableReason = "bob: Permission denied"
        #expect(
            counts.statusLine(perMinute: 0).hasSuffix(
                "; 3 held (cannot open /in/a.png: Permission denied); 1 unreadable (bob: Permission denied; chmod -R g+rX "
                    + "by the owner opens it); 2 copied, the originals stay (their folders are not writable)")
        )
        #expect(!counts.hasNoWork)
        #expect(SpoolSnapshot().hasNoWork)
    }

    @Test(arguments: [
        (0.0, "0.0"), (0.04, "0.0"), (0.05, "0.1"), (9.96, "10.0"), (-1.25, "-1.3"), (-0.04, "0.0"),
        (123456.78, "123456.8"), (.infinity, "inf"),
    ])
    func oneDecimal(value: Double, expected: String) {
        #expect(fixed(value, 1) == expected)
    }
}

@Suite struct ProgressBarTests {
    @Test func itShowsHowFarItIs() {
        let bar = ProgressBar(doneCount: 11, failedCount: 1, totalCount: 40, perMinute: 14)
        #expect(
            bar.text(columns: 100)
                == "[############............................] 12/40, 1 failed, 14.0/min, 2:00 left")
        #expect(
            ProgressBar(doneCount: 0, failedCount: 0, totalCount: 3, perMinute: 0).text(columns: 80)
                .hasSuffix("] 0/3"))
        #expect(
            ProgressBar(doneCount: 1, failedCount: 0, totalCount: 1001, perMinute: 10).text(columns: 80)
                .contains("1:40:00 left"))
    }

    @Test func partsOfPicturesCount() {
        let bar = ProgressBar(doneCount: 0, failedCount: 0, totalCount: 1, perMinute: 0.5, startedShare: 0.25)
        #expect(bar.counts == "0/1, 25 %, 0.5/min, 1:30 left")
        #expect(bar.text(columns: 100).hasPrefix("[##########...."))
        // Pictures that are done may still be counted as being in work for a moment.
        let late = ProgressBar(doneCount: 1, failedCount: 0, totalCount: 1, perMinute: 1, startedShare: 0.9)
        #expect(late.counts == "1/1, 100 %, 1.0/min, 0:00 left")
    }

    @Test(arguments: 0...130)
    func itFitsAnyTerminal(columns: Int) {
        for (done, total) in [(0, 0), (0, 1), (1, 1), (7, 3), (99_999, 100_000)] {
            let bar = ProgressBar(
                doneCount: done, failedCount: 3, totalCount: total, perMinute: 0.001, startedShare: 0.5)
            #expect(bar.text(columns: columns).count <= columns)
        }
    }
}
