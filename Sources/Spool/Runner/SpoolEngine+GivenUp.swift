import Files

/// Pictures that are given up, and those of them that turn out to have been given up too early.
extension SpoolEngine {
    /// So many are remembered at most, the youngest.
    private static let givenUpLimit = 1000
    /// What these say is not of the content, so another content changes nothing.
    private static let codesOfNoContent: Set<String> = [
        "crashed", "conflict", "output-conflict", "superseded", "unreadable",
    ]

    /// A picture in `failed/` that is looked at until then.
    struct Remembered {
        let picture: GivenUp
        let until: Duration
    }

    func quarantine(_ name: RelativeName, _ place: Place, _ reason: FailureReason) -> SpoolMachine.Event {
        let fingerprint = fingerprint(of: name)
        return attempt(name, place) { () throws(FileError) in
            let picture = try disk.quarantine(
                name, fingerprint, from: place, reason, at: clock().wall, versions: versions)
            if badPictureLines.admits(at: clock().monotonic) {
                logger.event(
                    .quarantined, level: .error, "failed, moved to failed/",
                    job(name).merging([
                        "code": "\(reason.code)", "reason": "\(reason.message)",
                        "attempt": "\(place.attempts)",
                    ]) { $1 }.merging(duration(name)) { $1 })
            }
            begun[name] = nil
            if let picture, !Self.codesOfNoContent.contains(reason.code) { remember(picture) }
            deliveries.append(.notice(.quarantined(source: name, reason, attempts: place.attempts)))
            return .completed(name)
        }
    }

    private func remember(_ picture: GivenUp) {
        if givenUp.count >= Self.givenUpLimit { givenUp.removeFirst() }
        givenUp.append(
            Remembered(picture: picture, until: clock().monotonic + disk.options.arrivalPatience))
    }

    /// A writer may hold a file open that was taken from under it. What was given up for its content and has changed since
    /// goes back into the inbox, where it is waited for and tried again; not where its name was delivered anew.
    func reviewGivenUp() {
        guard !givenUp.isEmpty, !machine.isStopping else { return }
        let now = clock().monotonic
        let remembered = givenUp
        givenUp = []
        for entry in remembered
        where entry.until > now || machine.isGivenUpForModel(entry.picture.name) {
            let picture = entry.picture
            do throws(FileError) {
                guard let hasChanged = try disk.hasChanged(picture) else { continue }
                guard hasChanged, let status = try disk.takeBack(picture, to: nil) else {
                    givenUp.append(entry)
                    continue
                }
                logger.event(
                    .incomplete, level: .notice,
                    "changed after it failed: returned to the inbox for another try",
                    [
                        "file": .stringConvertible(picture.name),
                        "job": "\(jobID(picture.name, status.fingerprint))",
                    ])
                handle(.seen(picture.name, status.fingerprint, .found, owner: status.owner))
            } catch {
                givenUp.append(entry)
            }
        }
    }

    /// Pictures that were given up for the fault of the model wait for another one, and their attempts do not count. Those
    /// whose name is in the spool again stay where they are, as do those whose files have been moved.
    func returnGivenUp(_ names: [RelativeName]) {
        let remembered = givenUp
        givenUp = remembered.filter { !names.contains($0.picture.name) }
        for entry in remembered where names.contains(entry.picture.name) {
            let picture = entry.picture
            let attempts = max(picture.attempts - 1, 0)
            guard !machine.hasJob(picture.name),
                let fingerprint = try? disk.takeBack(picture, to: .waiting(attempts))?.fingerprint
            else { continue }
            logger.event(
                .returned, "returned from failed/; the attempt is not counted",
                ["file": .stringConvertible(picture.name), "job": "\(jobID(picture.name, fingerprint))"])
            handle(.recovered(picture.name, attempts: attempts, fingerprint))
        }
    }
}
