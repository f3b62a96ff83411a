import Logging
import Spool

/// The events of the process, besides the spool's, that an operator may search for or alert on.
package enum ServiceEvent: String, Sendable, CaseIterable {
    /// The process started with a valid configuration.
    case serviceStarted = "service-started"
    /// The model is loaded, the self-test passed, and the first scan is done.
    case serviceReady = "service-ready"
    case serviceReloaded = "service-reloaded"
    /// The new configuration was wrong, so the old one stays in effect.
    case serviceReloadRefused = "service-reload-refused"
    case serviceStopping = "service-stopping"
    case serviceStopped = "service-stopped"
    /// The process ends because of a fault.
    case serviceFailed = "service-failed"
    /// The watchdog's ping was withheld.
    case serviceStalled = "service-stalled"
    /// pred.npz and submission.zip were written.
    case bundleWritten = "bundle-written"
    case bundleFailed = "bundle-failed"
    /// The page that shows the pictures was written.
    case reportWritten = "report-written"
    case reportFailed = "report-failed"
    case metricsFailed = "metrics-failed"

    /// The journal's `MESSAGE_ID`. Never change one, because alerts refer to them.
    package var messageID: String {
        switch self {
        case .serviceStarted: "6540d437c0d442b89dbd6a09cb114657"
        case .serviceReady: "89fd8670f6f04534a29a7694035229fc"
        case .serviceReloaded: "d93e5282fd1e4f51a37db78fa2fa92c2"
        case .serviceReloadRefused: "72f85c0d3f2f462e924b942760b8cbb8"
        case .serviceStopping: "cef758c92d4e4291938a501b6e20bed3"
        case .serviceStopped: "8012492dd7984353b4f783707ab162b8"
        case .serviceFailed: "3eaa8643ba1745b6b39c0d9c4ba66e34"
        case .serviceStalled: "884bf47ba9cc4599a8cfa49e2320d6f6"
        case .bundleWritten: "e78449c3f62d47358b8c916889a97e43"
        case .bundleFailed: "165a8f023d1f45208c2d49f3338feaeb"
        case .reportWritten: "4d1f6c0e8b7a4a53a6b1f0c25e9d7318"
        case .reportFailed: "b92a7e3d51c84f0e9c6d84a1370fe2b6"
        case .metricsFailed: "c29a26c49d764ceb9c203b5d6efacd5b"
        }
    }
}

extension Logger {
    /// Logs `message` as `event`, with additional `fields`.
    package func event(
        _ event: ServiceEvent, level: Logger.Level = .info, _ message: Logger.Message,
        _ fields: Logger.Metadata = [:], file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        self.event(
            named: event.rawValue, level: level, message, fields, file: file, function: function, line: line)
    }
}
