import Files

/// Looks at the configured folders without the spool, for what an administrator can mend beforehand.
package struct ConfiguredFolders: Sendable {
    /// Where the shipped unit lets the service write.
    private static let stateFolder: Path = "/var/lib/promptir-restored"

    private let configuration: ServiceConfiguration

    package init(_ configuration: ServiceConfiguration) {
        self.configuration = configuration
    }

    /// Refuses the folders of the bundle and of the metrics where this process alone may not write; what else is wrong
    /// with them may pass.
    ///
    /// - Throws: `ProgramFailure`.
    func refuseConfinement() throws(ProgramFailure) {
        let files = FileSystem()
        var folders: [(key: String, path: Path)] = []
        if configuration.bundle, !configuration.bundleFolder.isEmpty {
            folders.append(("bundle-folder", configuration.bundleFolder))
        }
        if !configuration.metricsFile.isEmpty {
            folders.append(("metrics-file", configuration.metricsFile.folder))
        }
        for (key, path) in folders {
            do throws(FileError) {
                try files.checkWritable(files.openFolder(path: path))
            } catch {
                guard let confinement = Confinement.of(path) else { continue }
                throw ProgramFailure(
                    .configuration, "\(key): \(error.summary): \(confinement.advice(allowing: path))",
                    errno: error.errno.rawValue)
            }
        }
    }

    /// What `--check-config` says besides the settings: folders that are missing, and with the configuration of the
    /// installed service those that its unit does not let it write into.
    ///
    /// - Parameter isInstalled: whether it is the installed service's configuration.
    package func notes(isInstalled: Bool) -> [String] {
        let layout = configuration.spoolLayout
        var places: [(key: String, path: Path, isMade: Bool)] = [
            ("inbox", layout.inbox, false), ("outbox", layout.outbox, true), ("spool", layout.spool, true),
        ]
        if configuration.bundle, !configuration.bundleFolder.isEmpty {
            places.append(("bundle-folder", configuration.bundleFolder, false))
        }
        if !configuration.metricsFile.isEmpty {
            places.append(("metrics-file", configuration.metricsFile.folder, false))
        }
        var notes: [String] = []
        for (key, path, isMade) in places {
            let needed = isMade ? path.folder : path
            if !Self.mayBeFolder(needed) {
                notes.append("\(key): expected a folder \(needed), found none: make it")
            }
            if isInstalled, path.withoutTrailingSlashes.relative(to: Self.stateFolder) == nil {
                notes.append(
                    "\(key): the shipped unit lets the service write only below \(Self.stateFolder), so \(path) needs a "
                        + "drop-in: \(Confinement.dropIn(allowing: path, isHidden: Confinement.isInHome(path)))"
                )
            }
        }
        return notes
    }

    /// False only if it is known that there is no folder.
    private static func mayBeFolder(_ path: Path) -> Bool {
        do throws(FileError) {
            return try WholeFiles.status(path)?.isFolder ?? false
        } catch {
            return true
        }
    }
}
