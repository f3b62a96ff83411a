import Files

/// The paths of a spool. The operator chooses the three roots; everything else is below the spool's root:
///
///     spool/lock             locked (flock) by the process that works on this spool; contains its identifier
///     spool/claimed/N/…      pictures being processed; N is the number of the attempt
///     spool/waiting/N/…      claimed pictures that are tried again; N attempts have been made
///     spool/archive/…        originals whose output is published
///     spool/failed/…         quarantined originals, each with a `.json` file that gives the reason
///     spool/records/         the owners of outputs whose names are not their sources'; restored originals that
///                            were kept, and those that were copied; `.pruned`, whose time is that of the last check; `.aged-…`, whose
///                            time is that of the last removal by age
///     spool/tmp/             files being written for the folders above
///     spool/status.json      the last known counts
///     spool/suspect          the name of a picture that is processed alone, because a process ended
package struct SpoolLayout: Equatable, Sendable {
    package var inbox: Path
    package var outbox: Path
    /// The spool's root. It must be on the inbox's filesystem, because claims are renames.
    package let spool: Path
    /// The folder that contains the spools of all shards; nil without shards.
    let spoolOfAllShards: Path?
    /// Nil if one process restores the whole inbox.
    package let shard: Shard?

    /// - Parameters:
    ///   - spool: nil for the inbox's sibling `<inbox>.spool`.
    ///   - shard: nil, or a shard, whose spool is a folder in `spool`.
    package init(inbox: Path, outbox: Path, spool: Path? = nil, shard: Shard? = nil) {
        self.inbox = inbox.withoutTrailingSlashes
        self.outbox = outbox.withoutTrailingSlashes
        let whole = spool?.withoutTrailingSlashes ?? self.inbox.addingSuffix(".spool")
        self.spool = shard.map { whole.appending(Path("\($0)")) } ?? whole
        spoolOfAllShards = shard == nil ? nil : whole
        self.shard = shard
    }

    /// The layout of a shard whose spool is within this one.
    package func part(_ shard: Shard) -> SpoolLayout {
        SpoolLayout(inbox: inbox, outbox: outbox, spool: spoolOfAllShards ?? spool, shard: shard)
    }

    static let lock = FileName(literal: "lock")
    static let claimed = FileName(literal: "claimed")
    static let waiting = FileName(literal: "waiting")
    static let archive = FileName(literal: "archive")
    static let failed = FileName(literal: "failed")
    static let records = FileName(literal: "records")
    static let temporary = FileName(literal: "tmp")
    static let status = FileName(literal: "status.json")
    static let suspect = FileName(literal: "suspect")
    static let recordStamp = FileName(literal: ".pruned")
    static let folders = [claimed, waiting, archive, failed, records, temporary]
}

extension Place {
    /// The folders of a place, relative to the spool's root.
    var folder: [FileName] {
        let (parent, attempts) =
            switch self {
            case .claimed(let attempts): (SpoolLayout.claimed, attempts)
            case .waiting(let attempts): (SpoolLayout.waiting, attempts)
            }
        guard let number = FileName(String(attempts)) else { preconditionFailure("a number is a name") }
        return [parent, number]
    }
}
