import Logging

/// The events of the spool that an operator may search for or alert on; see ``Logging/Logger/eventKey``.
///
/// The meaning of a name never changes.
package enum SpoolEvent: String, Sendable, CaseIterable {
    case opened = "spool-opened"
    case recovered = "spool-recovered"
    case swept = "spool-swept"
    case claimed = "picture-claimed"
    case restored = "picture-restored"
    case retried = "picture-retried"
    case returned = "picture-returned"
    case incomplete = "picture-incomplete"
    case quarantined = "picture-quarantined"
    case vanished = "picture-vanished"
    /// Lines about incomplete and quarantined pictures were left out because there were many.
    case linesLeftOut = "lines-left-out"
    /// A picture was copied into the spool, because the original's folder is not writable.
    case copied = "picture-copied"
    /// A file cannot be claimed and stays in the inbox.
    case refused = "picture-refused"
    /// An entry of the inbox is not a picture to restore and stays there.
    case passedOver = "entry-passed-over"
    /// More pictures are in the inbox than are kept in mind; they follow.
    case indexFull = "index-full"
    case paused = "intake-paused"
    case resumed = "intake-resumed"
    /// A folder refuses writes that the disk accepts. Its pictures wait; others continue.
    case blocked = "folder-blocked"
    case unblocked = "folder-unblocked"
    case overflowed = "watch-overflowed"
    case polling = "watch-polling"
    case inboxLost = "inbox-lost"
    case inboxFound = "inbox-found"
    case scanFailed = "inbox-scan-failed"
    case idle = "spool-idle"
    case stopped = "spool-stopped"
    /// Old originals or records were removed.
    case pruned = "spool-pruned"
    case pruneFailed = "spool-prune-failed"
    /// What is old stays, as the clock may be wrong.
    case pruneHeldBack = "spool-prune-held-back"
    case statusFailed = "status-write-failed"

    /// The journal's `MESSAGE_ID`, with which `journalctl MESSAGE_ID=…` finds the event whatever its wording.
    /// Never change one, because alerts refer to them.
    package var messageID: String {
        switch self {
        case .opened: "2099fb0c60254d878d71ae8b22ea30d8"
        case .recovered: "a64b361b739c4349b83827ccf7024b15"
        case .swept: "a3d9f61cf6e7429dad8e13e6dc1ddc97"
        case .claimed: "ae0b7015b71543b686181e3bc8d63366"
        case .restored: "34a20b6e5b734bde8ef0cc1e78908d74"
        case .retried: "70cd32d656f84113871148eab8e34bbe"
        case .returned: "078c3962f5a94755b83fe004b53e0626"
        case .linesLeftOut: "0f5c7cad4fe1452abf5ccb831ca2aaff"
        case .incomplete: "9f4ed6ec97f843aaa856e41f2252f736"
        case .quarantined: "1ab15a47de2b44a19fc4c0cc40783312"
        case .vanished: "2670590c7a90474ca34a6b7fd69658ad"
        case .copied: "c47f9cb338f945d3a1b21ae083ab3b39"
        case .refused: "046d26be534d48c5989ece9f0262e9c6"
        case .passedOver: "07df5ebff1374cffa0a5c2e49bca129d"
        case .indexFull: "6741824555f44563b65eee064248832d"
        case .paused: "640f74cc9d1b4277a85fd4ce165f7740"
        case .resumed: "f10af07f9f644754bb65687efb66e8e0"
        case .blocked: "d71d9c7ebeaa479e8c2343371263d892"
        case .unblocked: "05ae1eddf1db4a53a3851852ecdbe848"
        case .overflowed: "81ff77e973004e9f81aa67cb3f2d5917"
        case .polling: "ba2e040c38da4f1882b842359b8166d4"
        case .inboxLost: "7eba9cff48a043e1b8ace9c2a94f74fa"
        case .inboxFound: "db3102967bb6482ea16a96ab7b589d16"
        case .scanFailed: "d0bfe213f8f84fa1804dac9184a1b080"
        case .idle: "e915fa12e3724dedb6461216761877bc"
        case .stopped: "b31aca0c19af4ece95fc0f48fdb618cf"
        case .pruned: "41052586995a45e59557b83bbee587c3"
        case .pruneFailed: "f1def8140215421daaf5d307656c1122"
        case .pruneHeldBack: "4ba4b6deeb30455a9ff334376820e03d"
        case .statusFailed: "ee328d66f723468fa4da722bd7895a3d"
        }
    }
}

extension Logger {
    /// The metadata key for the event's name.
    package static let eventKey = "event"

    /// Logs `message` as `event`, with additional `fields`.
    package func event(
        _ event: SpoolEvent, level: Logger.Level = .info, _ message: Logger.Message,
        _ fields: Logger.Metadata = [:], file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        self.event(
            named: event.rawValue, level: level, message, fields, file: file, function: function, line: line)
    }

    package func event(
        named name: String, level: Logger.Level, _ message: Logger.Message, _ fields: Logger.Metadata,
        file: String, function: String, line: UInt
    ) {
        var fields = fields
        fields[Self.eventKey] = .string(name)
        log(level: level, message, metadata: fields, file: file, function: function, line: line)
    }
}
