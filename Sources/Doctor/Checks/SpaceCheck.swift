import Files

/// Whether there is room for results and originals.
package struct SpaceCheck: Sendable {
    package var path: Path
    package var space: DiskSpace

    package init(path: Path, space: DiskSpace) {
        self.path = path
        self.space = space
    }

    static let leastByteCount = 64 << 20
    static let wantedByteCount = 1 << 30
    static let wantedFileCount = 10_000

    package var finding: Finding {
        let room = "\(Amount.bytes(space.availableByteCount)) free at \(path)"
        let advice =
            "make room; archive-max-age and archive-max-bytes limit the archive, outbox-max-age and outbox-max-bytes the outbox"
        if space.availableByteCount < Self.leastByteCount { return .failed("disk", room, advice: advice) }
        if space.availableByteCount < Self.wantedByteCount { return .warning("disk", room, advice: advice) }
        if let files = space.availableFileCount, files < Self.wantedFileCount {
            return .warning("disk", room + ", but only for \(files) files", advice: advice)
        }
        return .ok("disk", room)
    }
}
