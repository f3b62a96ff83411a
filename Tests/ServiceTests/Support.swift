import Glibc
import Logging
import Service
import Synchronization

/// Gathers what closures of other threads report.
final class Recorder<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    var all: [Element] { elements.withLock { $0 } }

    func append(_ element: Element) {
        elements.withLock { $0.append(element) }
    }
}

/// Notes what it was told to send.
final class RecordingNotifier: ServiceNotifying {
    let sent = Recorder<NotificationMessage>()
    let watchdogInterval: Duration? = nil

    func send(_ messages: [NotificationMessage]) {
        for message in messages { sent.append(message) }
    }
}

struct SocketError: Error {
    let operation: String
    let number: Int32
}

/// A datagram socket as systemd's: bound to a path, or to a name in the abstract namespace (`@…`).
final class NotifySocket: Sendable {
    private let descriptor: Int32

    init(address: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(address.utf8)
        if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
        // An abstract name ends where the address does; a path may well carry its NUL.
        let length = MemoryLayout<sa_family_t>.size + bytes.count
        let result = withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(length))
            }
        }
        guard result == 0 else { throw SocketError(operation: "bind \(address)", number: errno) }
    }

    /// The next datagram, or nil if none waits.
    func receive() -> String? {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
    }

    deinit {
        close(descriptor)
    }
}

/// An event as a handler sees it.
func logEvent(
    _ message: Logger.Message, level: Logger.Level = .info, _ metadata: Logger.Metadata? = nil
) -> LogEvent {
    LogEvent(
        level: level, message: message, metadata: metadata, source: "Spool", file: "Spool/Claim.swift",
        function: "claim()", line: 42)
}
