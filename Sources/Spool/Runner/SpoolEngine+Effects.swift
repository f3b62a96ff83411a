import Files
import Logging

/// Performs the machine's actions on the disk and returns the results as events.
extension SpoolEngine {
    func perform(_ action: SpoolMachine.Action) -> SpoolMachine.Event? {
        switch action {
        case .claim(let id, let name, let fingerprint):
            if let blockage = blockage(of: name) { return .refused(name, blockage) }
            return claimed(id, name, disk.claim(name, seenAs: fingerprint, at: clock().wall))
        case .retake(let id, let name, let attempts):
            if let blockage = blockage(of: name) { return .refused(name, blockage) }
            return claimed(id, name, disk.retake(name, attempts: attempts))
        case .work(let id, let name, let attempt): deliver(id, name, attempt)
        case .publish(let id, let name): return publish(id, name)
        case .settleOriginal(let name, let place): return settleOriginal(name, place)
        case .park(let name, let place, let attempts):
            return attempt(name, place) { () throws(FileError) in
                try disk.move(name, from: place, to: .waiting(attempts))
                logParked(name, from: place, attempts: attempts)
                begun[name] = nil
                return .completed(name)
            }
        case .putBack(let name, let place):
            return attempt(name, place) { () throws(FileError) in
                let isBack = try disk.putBack(name, from: place)
                if isBack { logPutBack(name) }
                begun[name] = nil
                return .putBack(name, isBack)
            }
        case .quarantine(let name, let place, let reason): return quarantine(name, place, reason)
        case .discard(let id):
            claims[id] = nil
            if let output = staged.removeValue(forKey: id) { disk.discard(output) }
        case .pause(let reason):
            logger.event(
                .paused, level: .warning, "intake paused: a problem of the machine, not of a picture",
                ["reason": "\(reason)"])
            deliveries.append(.notice(.paused(reason)))
        case .blameModel(let reason, let givenUp):
            logger.event(
                .paused, level: .error, "intake paused: a problem of the model, not of the pictures",
                ["reason": "\(reason)"])
            deliveries.append(.notice(.paused(reason)))
            returnGivenUp(givenUp)
        case .resume:
            logger.event(.resumed, level: .notice, "intake resumed")
            deliveries.append(.notice(.resumed))
        case .probe: return .probed(disk.probe(byteCount: probeByteCount))
        case .reconcile: reconcile()
        case .idle:
            logger.event(.idle, "queue drained", ["done": "\(machine.counts.done)"])
            deliveries.append(.notice(.idle(snapshot())))
        case .stopped:
            logger.event(
                .stopped, "spool stopped", ["waiting": "\(machine.counts.waiting + machine.counts.blocked)"])
            deliveries.append(.stopped)
        }
        return nil
    }

    private func claimed(
        _ id: ClaimID, _ name: RelativeName, _ result: SpoolDisk.ClaimResult
    ) -> SpoolMachine.Event {
        switch result {
        case .claimed(let claim):
            claims[id] = claim
            begun[name] = clock().monotonic
            heldReasons.forget(name)
            if claim.isCopied { noteCopied(name) }
            return .claimed(name, claim.fingerprint)
        case .refused(.environment(let reason)): return .refused(name, nameFault(reason, of: name))
        case .refused(let refusal):
            if case .unusable(let reason) = refusal {
                heldReasons.note(name, reason)
                logRefused(name, reason)
            }
            return .refused(name, refusal)
        case .obstructed(let error):
            return .refused(name, block(.name(name), error.description, at: clock().monotonic))
        }
    }

    private func deliver(_ id: ClaimID, _ name: RelativeName, _ attempt: Int) {
        guard let file = claims[id] else { preconditionFailure("work on \(name) without its file") }
        // Where this fails, the picture is known to be the culprit only if no other lies in `claimed/`.
        if machine.isSuspect(name) { try? disk.noteSuspect(name) }
        logger.event(.claimed, level: .debug, "claimed", job(name).merging(["attempt": "\(attempt)"]) { $1 })
        deliveries.append(.work(Claim(id: id, name: name, attempt: attempt, file: file, disk: disk)))
    }

    private func publish(_ id: ClaimID, _ name: RelativeName) -> SpoolMachine.Event {
        guard let output = staged[id] else { preconditionFailure("\(name) is published without its output") }
        do throws(FileError) {
            let outputName = try disk.publish(output, of: name)
            free(.name(name), name)
            staged[id] = nil
            probeByteCount = 0
            published[name] = PublishedOutput(
                source: name, output: outputName, inputByteCount: Int(fingerprint(of: name).byteCount),
                outputByteCount: output.byteCount, claimedAt: begun[name] ?? clock().monotonic,
                logFields: output.logFields)
            return .completed(name)
        } catch {
            probeByteCount = output.byteCount
            return .faulted(name, publishFault(error, of: name))
        }
    }

    private func settleOriginal(_ name: RelativeName, _ place: Place) -> SpoolMachine.Event {
        let fingerprint = fingerprint(of: name)
        return attempt(name, place) { () throws(FileError) in
            try disk.settleOriginal(name, fingerprint, from: place, at: clock().wall)
            if let output = published.removeValue(forKey: name) {
                let duration = clock().monotonic - output.claimedAt
                logRestored(output, after: duration, attempt: place.attempts)
                begun[name] = nil
                deliveries.append(.notice(.restored(output, after: duration)))
            }
            return .completed(name)
        }
    }

    func attempt(
        _ name: RelativeName, _ place: Place, _ body: () throws(FileError) -> SpoolMachine.Event
    ) -> SpoolMachine.Event {
        do throws(FileError) {
            return try body()
        } catch {
            guard error.errno == .noEntry, !disk.holds(name, at: place) else {
                return .faulted(name, placeFault(error, of: name))
            }
            logger.event(.vanished, level: .error, "a picture vanished from the spool", job(name))
            published[name] = nil
            begun[name] = nil
            return .faulted(name, Fault(.vanished, error.description))
        }
    }

    func fingerprint(of name: RelativeName) -> Fingerprint {
        guard let fingerprint = machine.fingerprint(of: name) else {
            preconditionFailure("an effect for \(name), which is not in the spool")
        }
        return fingerprint
    }
}
