import Files
import Glibc

/// Asks systemd about the service's unit.
enum Systemctl {
    private static let command =
        "PATH=/usr/bin:/bin systemctl show --property=LoadState,ActiveState,UnitFileState,Result,User,MemoryMax,"
        + "ProtectHome,ProtectSystem,ReadWritePaths,StateDirectory \(UnitCheck.name) 2>/dev/null </dev/null"

    /// The unit, installed or not; nil where systemd does not run.
    static var unit: UnitCheck? {
        guard (try? WholeFiles.status("/run/systemd/system")) ?? nil != nil else { return nil }
        guard let stream = popen(command, "r") else { return nil }
        var output: [UInt8] = []
        while output.count < 64 << 10 {
            let byte = fgetc(stream)
            guard byte != EOF else { break }
            output.append(UInt8(truncatingIfNeeded: byte))
        }
        guard pclose(stream) == 0 else { return nil }
        return UnitCheck(output: String(decoding: output, as: UTF8.self))
    }
}
