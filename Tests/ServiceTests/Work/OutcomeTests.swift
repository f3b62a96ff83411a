import Files
import Images
import Restoration
import Service
import Spool
import Testing

/// Whose fault a picture's failure is.
@Suite struct OutcomeTests {
    @Test func wantOfMemoryIsTheEnvironments() {
        #expect(Outcome(.outOfMemory("memory is short")) == .environment("memory is short"))
    }

    @Test(arguments: [
        RestorationError.tooLarge(needed: 5 << 30, budget: 1 << 30), .decode(.tooLarge("a width")),
    ])
    func whatNeverFitsIsTooLarge(error: RestorationError) {
        guard case .failed(let reason, retryable: false) = Outcome(error) else {
            Issue.record("\(error)")
            return
        }
        #expect(reason.code == "too-large")
    }

    @Test func theOthersAreThePictures() {
        #expect(Outcome(.decode(.truncated("early"))) == .truncated)
        for (error, code) in [
            (RestorationError.decode(.damaged("x")), "decode"), (.restore("x"), "restore"),
            (.encode(.cannotEncode("x")), "encode"),
        ] {
            guard case .failed(let reason, retryable: false) = Outcome(error) else {
                Issue.record("\(error)")
                continue
            }
            #expect(reason.code == code)
        }
    }
}
