import Doctor
import Files
import Testing

@Suite struct WatchCheckTests {
    private var ready: WatchCheck {
        WatchCheck(silentFilesystem: nil, refusal: nil, folderCount: 3, watchLimit: 100)
    }

    @Test func eventsWithEnoughWatchesAreReady() {
        #expect(ready.finding.level == .ok)
        #expect(ready.finding.text == "by inotify; 3 folders in the inbox, and a user may watch 100")
    }

    @Test func whatMakesItPollIsAWarning() {
        var silent = ready
        silent.silentFilesystem = "nfs"
        #expect(silent.finding.level == .warning && silent.finding.text.contains("nfs"))
        var refused = ready
        refused.refusal = .tooManyOpenFiles
        #expect(refused.finding.advice?.contains("max_user_instances") == true)
        var crowded = ready
        crowded.folderCount = 101
        #expect(crowded.finding.advice?.contains("max_user_watches=202") == true)
    }
}
