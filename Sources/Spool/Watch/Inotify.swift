import Files
import Glibc

/// An inotify queue.
package struct Inotify: Sendable {
    package struct Event: Sendable {
        package let watch: Int32
        package let mask: UInt32
        /// The name of the entry in the watched folder; nil for events of the folder itself.
        package let name: FileName?

        package func has(_ bit: some BinaryInteger) -> Bool {
            mask & UInt32(truncatingIfNeeded: Int(bit)) != 0
        }
        package var isFolder: Bool { has(IN_ISDIR) }
        package var isOverflow: Bool { has(IN_Q_OVERFLOW) }
        /// Whether the folder itself was removed, moved or unmounted.
        package var isLoss: Bool { has(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED) }
    }

    private let files: FileSystem
    package let descriptor: Descriptor

    /// Calls inotify_init1(2).
    package init(_ files: FileSystem) throws(FileError) {
        self.files = files
        let raw = try files.perform(.watch, "inotify") { inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)) }
        descriptor = Descriptor(raw, path: "inotify")
    }

    /// Watches an open folder. The same folder always gives the same watch number.
    ///
    /// The path goes through the descriptor, so the open folder itself is watched. Writes are requested because the
    /// kernel does not say of other users' files whether they are open. It merges repeated events in its queue.
    package func add(_ folder: Descriptor) throws(FileError) -> Int32 {
        let mask =
            IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE
            | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK
        let path = "/proc/self/fd/\(folder.rawValue)"
        do throws(FileError) {
            return try files.perform(.watch, folder.path) {
                inotify_add_watch(descriptor.rawValue, path, UInt32(truncatingIfNeeded: mask))
            }
        } catch {
            // An open folder is there, even if it was removed: what is missing is /proc.
            throw error.errno == .noEntry ? FileError(.watch, Path(path), .noEntry) : error
        }
    }

    /// Stops watching. A watch that no longer exists is no error.
    package func remove(_ watch: Int32) {
        _ = inotify_rm_watch(descriptor.rawValue, watch)
    }

    /// Reads queued events, about `limit` at most; the result is empty if none is queued.
    package func next(limit: Int = 4096) throws(FileError) -> [Event] {
        var events: [Event] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while events.count < limit {
            let count: Int
            do throws(FileError) {
                count = try files.perform(.watch, "inotify") {
                    read(descriptor.rawValue, &buffer, buffer.count)
                }
            } catch {
                if error.errno == .tryAgain { break }
                throw error
            }
            Self.decode(buffer[..<count], into: &events)
        }
        return events
    }

    private static func decode(_ buffer: ArraySlice<UInt8>, into events: inout [Event]) {
        let headerByteCount = MemoryLayout<inotify_event>.size
        var start = buffer.startIndex
        while buffer.endIndex - start >= headerByteCount {
            let header = buffer[start..<start + headerByteCount].withUnsafeBytes {
                $0.loadUnaligned(as: inotify_event.self)
            }
            let nameStart = start + headerByteCount
            let end = min(nameStart + Int(header.len), buffer.endIndex)
            let name = FileName(bytes: Array(buffer[nameStart..<end].prefix { $0 != 0 }))
            events.append(Event(watch: header.wd, mask: header.mask, name: name))
            start = end
        }
    }
}

extension Inotify.Event {
    package var isDeparture: Bool { has(IN_MOVED_FROM | IN_DELETE) }
    package var isArrival: Bool { has(IN_MOVED_TO | IN_CREATE) }
    package var isModification: Bool { has(IN_MODIFY) }

    /// What the event implies about a file's completeness.
    package var sign: Sign {
        if has(IN_MOVED_TO) { return .renamed }
        if has(IN_CLOSE_WRITE) { return .closed }
        return isModification ? .modified : .found
    }
}
