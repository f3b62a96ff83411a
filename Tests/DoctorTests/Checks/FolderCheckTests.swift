import Doctor
import Files
import Testing

@Suite struct FolderCheckTests {
    private func finding(_ state: FolderCheck.State) -> Finding {
        FolderCheck(key: "outbox", path: "/srv/out", user: "alice", state: state).finding
    }

    @Test func whatIsUsableOrMadeIsReady() {
        #expect(finding(.usable).level == .ok)
        #expect(finding(.willBeMade).level == .ok)
    }

    @Test(arguments: [
        FolderCheck.State.missing(parent: nil), .missing(parent: .accessDenied), .notAFolder,
        .closed(.accessDenied), .unwritable(.accessDenied), .unwritable(.readOnly), .unwritable(.noSpace),
    ])
    func everythingElseFailsWithAdvice(state: FolderCheck.State) {
        let finding = finding(state)
        #expect(finding.level == .failed && finding.advice != nil)
        #expect(finding.topic == "outbox" && finding.text.contains("/srv/out"))
    }

    @Test func theAdviceFitsTheReason() {
        #expect(finding(.unwritable(.readOnly)).advice?.contains("remount") == true)
        #expect(
            finding(.unwritable(.accessDenied)).advice
                == "give alice write access, as with: setfacl -m u:alice:rwx /srv/out")
    }

    @Test func renamesNeedOneMount() {
        #expect(ClaimCheck(inbox: "/a", spool: "/b", isSameMount: true).finding.level == .ok)
        let finding = ClaimCheck(inbox: "/a", spool: "/b", isSameMount: false).finding
        #expect(finding.level == .failed && finding.advice?.contains("/a/.spool") == true)
    }
}
