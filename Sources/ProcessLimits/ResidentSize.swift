import Files

/// The process's resident memory as the kernel counts it (proc(5)).
package enum ResidentSize {
    /// Resets the record of the highest resident size, so that it does not include loading. If that is not
    /// allowed, it does include loading.
    package static func resetHighest() {
        try? AppendFile("/proc/self/clear_refs").write(Array("5".utf8))
    }

    package static var byteCount: Int { ProcFile.statusBytes("VmRSS") }
    package static var highestByteCount: Int { ProcFile.statusBytes("VmHWM") }
}
