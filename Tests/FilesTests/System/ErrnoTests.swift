import Files
import Testing

@Suite struct ErrnoTests {
    @Test(
        arguments: [
            (.noSpace, .disk), (.quota, .disk), (.inputOutput, .disk), (.readOnly, .disk),
            (.tooManyOpenFiles, .disk),
            (.systemTooManyOpenFiles, .disk), (.noMemory, .disk), (.accessDenied, .permission),
            (.notPermitted, .permission), (.crossDevice, .mount), (.busy, .mount), (.symbolicLink, .link),
            (.notAFolder, .name), (.isAFolder, .name), (.nameTooLong, .name), (.exists, .name),
            (.notEmpty, .name),
            (.stale, .server), (.timedOut, .server), (.notConnected, .server), (.connectionAborted, .server),
            (.hostDown, .server), (.remoteInputOutput, .server), (.noEntry, .unknown), (.invalid, .unknown),
        ] as [(Errno, Errno.Cause)])
    func everyNumberHasOneCause(number: Errno, cause: Errno.Cause) {
        #expect(number.cause == cause)
    }

    @Test(
        arguments: [
            (.disk, true), (.server, true), (.permission, true), (.mount, false), (.link, false),
            (.name, false),
            (.unknown, false),
        ] as [(Errno.Cause, Bool)])
    func whatFollowsFromACause(cause: Errno.Cause, isEnvironmental: Bool) throws {
        let number = try #require((0..<200).map { Errno($0) }.first { $0.cause == cause })
        #expect(number.isEnvironmental == isEnvironmental)
    }

    @Test func anErrorSaysWhatFailedOnWhichPathAndWhatToDo() {
        let path = Path(bytes: [0x61, 0xE9])
        #expect(
            FileError(.write, path, .noSpace).description
                == "cannot write a\\xe9: No space left on device; the disk or the quota is full, make room")
        #expect(
            FileError(.openFile, "a", .noEntry).description
                == "cannot open a: there is no such file or folder")
        #expect(FileError(.openFolder, "a", .accessDenied).summary == "cannot open a: Permission denied")
        #expect(
            FileError(.read, "a", .notRegular).description.hasSuffix(
                "neither a file nor a folder; give the path of a file"))
    }
}
