import Dispatch
import Files
import Images
import Synchronization

/// Measures pictures, or finds in the former page what was measured of them.
struct MeasurementSource: Sendable {
    let former: FormerPage?
    let size: PreviewSize
    let limits: PictureLimits
    let reserving: Report.Reservation

    struct Found: Sendable {
        let key: String
        let measurement: Measurement
        /// What restoring the picture took, if the former page knows it.
        let seconds: Double?
        let isReused: Bool
    }

    /// Measures all of the pictures at the same time.
    func measure(_ items: [ReportContents.Item]) -> [Found] {
        let found = Mutex<[Found?]>(Array(repeating: nil, count: items.count))
        DispatchQueue.concurrentPerform(iterations: items.count) { index in
            let result = measure(items[index])
            found.withLock { $0[index] = result }
        }
        return found.withLock { $0 }.compactMap(\.self)
    }

    private func measure(_ item: ReportContents.Item) -> Found {
        let key = key(of: item)
        if let known = former?.entry(key) {
            return Found(key: key, measurement: known.measurement, seconds: known.seconds, isReused: true)
        }
        return Found(
            key: key, measurement: Measurement(item, size: size, limits: limits, reserving: reserving),
            seconds: nil, isReused: false)
    }

    /// Changes with each of the files, with the previews' size and with the version of the page.
    private func key(of item: ReportContents.Item) -> String {
        let marks = [item.restored, item.original, item.clean].map { $0?.mark ?? "-" }
        return ByteText.hexadecimal(
            FNV.hash((["1", "\(size.side)"] + marks).joined(separator: "\n").utf8))
    }
}
