import Files

/// The process's resident memory as the kernel counts it (proc(5)).
package enum ResidentSize {
    /// Resets the record of the highest resident size, so that it does not include loading. If that is not
    /// allowed, it does include loading.
    package static func resetHighest() {
        try? AppendFile("/proc/self/clear_refs").write(Array("5".utf8))
    }

    package static var byteCount: Int { statusBytes("VmRSS") }
    package static var highestByteCount: Int { statusBytes("VmHWM") }

    /// Returns a field of /proc/self/status in bytes; 0 if it cannot be read.
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
