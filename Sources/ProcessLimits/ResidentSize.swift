import Files

/// The process's resident memory as the kernel counts it (proc(5)).
package enum ResidentSize {
    /// Begins the record of the highest resident size anew, so that it tells of what follows and not of loading.
    /// Where that is not allowed, it tells of both.
    package static func resetHighest() {
        try? AppendFile("/proc/self/clear_refs").write(Array("5".utf8))
    }

    package static var byteCount: Int { statusBytes("VmRSS") }
    package static var highestByteCount: Int { statusBytes("VmHWM") }

    /// A field of /proc/self/status, in bytes; 0 where it cannot be read.
    private static func statusBytes(_ field: String) -> Int {
        guard let bytes = try? WholeFiles.read("/proc/self/status") else { return 0 }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where line.hasPrefix(field)
        {
            let digits = line.filter(\.isNumber)
            return (Int(digits) ?? 0) * 1024
        }
        return 0
    }
}
