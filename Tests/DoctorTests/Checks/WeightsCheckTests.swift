import Doctor
import Files
import Restoration
import Testing

@Suite struct WeightsCheckTests {
    @Test func weightsAreNamedWithTheirDigest() {
        let weights = WeightsCheck.Weights(path: "/w.safetensors", digest: "sha256:ab", parameterCount: 7)
        #expect(
            WeightsCheck(result: .success(weights), user: "alice").finding.text
                == "/w.safetensors, 7 parameters, sha256:ab")
        let refused = WeightsCheck(result: .success(weights), refusal: .accessDenied, user: "alice").finding
        #expect(refused.level == .failed && refused.text.contains("alice cannot read"))
    }

    @Test func missingWeightsFailWithThePlaces() {
        let finding = WeightsCheck(result: .failure(.notFound(["/a", "/b"])), user: "alice").finding
        #expect(finding.level == .failed && finding.text == "none found; looked for /a, /b")
    }

    @Test func theSelfTestHasATimeOrAReason() {
        #expect(SelfTestCheck(threadCount: 2, duration: .milliseconds(250)).finding.text.contains("0.25 s"))
        let failed = SelfTestCheck(threadCount: 2, duration: nil, problem: "why").finding
        #expect(failed.level == .failed && failed.text.contains("why"))
    }
}
