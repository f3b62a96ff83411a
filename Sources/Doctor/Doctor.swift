import Files
import Glibc
import ProcessLimits
import Restoration
import Service

/// Looks at this machine with the eyes of the service: whether it can run here with a configuration, and what to do where
/// it cannot.
package struct Doctor: Sendable {
    private let configurationPath: Path?
    private let userName: String?

    /// - Parameters:
    ///   - configurationPath: the service's file; nil for the installed one, if it is there.
    ///   - userName: the service's user; nil for the unit's, or else the one that sysusers.d makes, or else this process's.
    package init(configurationPath: Path?, userName: String?) {
        self.configurationPath = configurationPath
        self.userName = userName
    }

    /// Makes all checks. Only the folders get files, of no length and for an instant.
    package func report() -> DoctorReport {
        let unit = Systemctl.unit
        var findings: [Finding] = []
        var configuration = ServiceConfiguration()
        let read = readConfiguration()
        findings.append(read.finding)
        if let found = read.configuration { configuration = found }
        let hasFolders = read.configuration != nil
        let processor = ProcessorCheck.ofThisMachine.finding(configuration.precision)
        findings.append(processor)
        // The rest can be checked in the precision that every processor has.
        if processor.level == .failed { configuration.precision = .float32 }
        let (user, userFinding) = serviceUser(unit)
        let weights = WeightsProbe(user: user ?? .current, configuration: configuration).check().finding
        findings += engineFindings(configuration, unit, weights)
        if hasFolders {
            findings += [userFinding].compactMap(\.self)
            if let user { findings += folderFindings(configuration, user) }
            findings += unitFindings(configuration, unit)
        }
        return DoctorReport(findings)
    }

    private func readConfiguration() -> (configuration: ServiceConfiguration?, finding: Finding) {
        let installed = Program.installedConfigurationPath
        let isInstalled = ((try? WholeFiles.status(installed)) ?? nil) != nil
        guard let path = configurationPath ?? (isInstalled ? installed : nil) else {
            return (
                nil,
                .warning(
                    "configuration", "there is no \(installed): folders and unit are not checked",
                    advice: "give --config FILE to check a service")
            )
        }
        do {
            let layered = try LayeredConfiguration(path: path, overrides: ConfigurationOverrides())
            return (layered.configuration, .ok("configuration", "\(path)"))
        } catch {
            return (
                nil,
                .failed("configuration", "\(error)", advice: "correct the file; --check-config checks it")
            )
        }
    }

    /// The user as whom the folders are tried, or why they are not.
    private func serviceUser(_ unit: UnitCheck?) -> (ServiceUser?, Finding?) {
        let current = ServiceUser.current
        let standard = "promptir-restored"
        let wanted =
            userName ?? unit?.user ?? (ServiceUser(named: standard) != nil ? standard : current.name)
        guard let user = wanted == current.name ? current : ServiceUser(named: wanted) else {
            return (
                nil,
                .failed(
                    "user", "there is no user \(wanted)",
                    advice: "systemd-sysusers makes the shipped one; or correct User= in the unit")
            )
        }
        // What another user may do says nothing about the service.
        guard user.isPossible else {
            return (
                nil,
                .warning(
                    "user", "\(current.name) cannot try the folders as \(user.name): they are not checked",
                    advice: "run it as root; or with --user \(current.name), if the service runs as that user"
                )
            )
        }
        return (user, nil)
    }

    /// Weights, memory and self-test, as far as one needs the other.
    private func engineFindings(
        _ configuration: ServiceConfiguration, _ unit: UnitCheck?, _ weights: Finding
    ) -> [Finding] {
        guard weights.level == .ok else { return [weights] }
        let engine: Engine
        do throws(ProgramFailure) {
            engine = try Engine(configuration)
        } catch {
            return [
                weights,
                .failed("model", error.description, advice: "choose other weights or another precision"),
            ]
        }
        // The unit's limit applies to the service, not to this process.
        let planned = min(
            engine.restorer.budget.byteCount,
            unit?.memoryMaximum.map { Int(Double($0) * MemoryLimit.plannedShare) } ?? .max)
        var options = engine.restorer.options
        options.memoryLimit = planned
        let need = MemoryNeed(network: engine.model.network, options: options)
        let accepted = configuration.maxPixels
        let check = MemoryCheck(
            plannedByteCount: planned, acceptedPixelCount: accepted,
            wholePixelCount: MemoryCheck.largest(upTo: accepted) {
                let found = need(ofPixelCount: $0)
                return found.isWhole && found.byteCount <= planned
            },
            fittingPixelCount: MemoryCheck.largest(upTo: accepted) {
                need(ofPixelCount: $0).byteCount <= planned
            })
        let test = SelfTestProbe.run(engine.restorer, threadCount: configuration.poolPolicy.coreCount)
        return [check.finding, weights, test.finding]
    }

    private func folderFindings(_ configuration: ServiceConfiguration, _ user: ServiceUser) -> [Finding] {
        let layout = configuration.spoolLayout
        let tried = user.run { () -> [Finding] in
            let probe = FolderProbe()
            func folder(_ key: String, _ path: Path, isMade: Bool) -> Finding {
                FolderCheck(
                    key: key, path: path, user: user.name, state: probe.state(path, isMade: isMade)
                ).finding
            }
            var findings = [
                folder("inbox", layout.inbox, isMade: false), folder("outbox", layout.outbox, isMade: true),
                folder("spool", layout.spool, isMade: true),
            ]
            if let isSame = probe.isSameMount(layout.inbox, layout.spool) {
                findings.append(
                    ClaimCheck(inbox: layout.inbox, spool: layout.spool, isSameMount: isSame).finding)
            }
            if let watch = probe.watch(layout.inbox) { findings.append(watch.finding) }
            for path in [layout.outbox, layout.spool] {
                if let space = probe.space(path) {
                    findings.append(SpaceCheck(path: path, space: space).finding)
                }
            }
            return findings
        }
        return tried ?? [
            .failed(
                "user", "cannot work as \(user.name): \(Errno(errno))",
                advice: "run it as root outside of a container that forbids this")
        ]
    }

    private func unitFindings(_ configuration: ServiceConfiguration, _ unit: UnitCheck?) -> [Finding] {
        guard let unit else { return [.ok("unit", "systemd does not run here")] }
        guard unit.isInstalled else { return [unit.finding] }
        let layout = configuration.spoolLayout
        return ConfinementCheck(unit).findings([
            ("inbox", layout.inbox), ("outbox", layout.outbox), ("spool", layout.spool),
        ]) + [unit.finding]
    }
}
