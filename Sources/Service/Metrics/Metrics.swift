import Files
import Glibc
import Restoration
import Spool
import Synchronization

/// The counts and times of this process that the spool's own counts lack.
package final class Metrics: Sendable {
    private struct State {
        var seconds = Histogram(bounds: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600])
        var inputByteCount = 0
        var outputByteCount = 0
        /// In seconds since 1970; 0 before the first success.
        var lastSuccess = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Counts a picture whose output is in the outbox.
    package func noteRestored(_ output: PublishedOutput, after duration: Duration) {
        state.withLock { state in
            state.seconds.observe(duration.inSeconds)
            state.inputByteCount += output.inputByteCount
            state.outputByteCount += output.outputByteCount
            state.lastSuccess = Int(time(nil))
        }
    }

    /// Returns all metrics in Prometheus' text format.
    package func text(_ counts: SpoolSnapshot) -> String {
        let state = state.withLock { $0 }
        var text = MetricsText()
        text.info(
            "promptir_build_info",
            "What runs: the program's version, the digest of the model's file, the precision.",
            [
                ("version", Version.current), ("model", counts.versions["model"] ?? ""),
                ("precision", counts.versions["precision"] ?? ""),
            ])
        text.gauge(
            "promptir_start_time_seconds", "When the spool was opened, in seconds since 1970.",
            counts.startedAt)
        text.counter(
            "promptir_pictures_restored_total", "Pictures whose output is in the outbox.", counts.done)
        text.counter(
            "promptir_pictures_failed_total", "Pictures moved to failed/, each with its reason.",
            counts.failed)
        text.counter(
            "promptir_pictures_retried_total", "Attempts that failed and are made again.", counts.retried)
        text.counter(
            "promptir_pictures_vanished_total", "Pictures somebody took out of the spool.", counts.vanished)
        text.gauge(
            "promptir_pictures_arriving", "Pictures in the inbox, not known to be whole.", counts.arriving)
        text.gauge("promptir_pictures_held", "Pictures in the inbox that cannot be claimed now.", counts.held)
        text.counter(
            "promptir_pictures_copied_total",
            "Pictures copied because their folders are not writable; the originals stay in the inbox.",
            counts.copied)
        text.gauge(
            "promptir_entries_unreadable", "Folders and entries of the inbox that cannot be read.",
            counts.unreadable)
        text.gauge(
            "promptir_pictures_beyond", "Pictures in the inbox beyond those in the index.",
            counts.beyond)
        text.gauge(
            "promptir_pictures_queued", "Pictures that wait for a worker or another attempt.", counts.queued)
        text.gauge(
            "promptir_pictures_blocked", "Of those queued, pictures that wait for one folder.", counts.blocked
        )
        text.gauge("promptir_pictures_in_flight", "Pictures at work.", counts.active)
        text.gauge(
            "promptir_entries_passed_over", "Entries of the inbox that are no pictures.", counts.passedOver)
        text.gauge(
            "promptir_intake_paused", "1 while intake is paused by a problem of disk, memory or model.",
            counts.pauseReason == nil ? 0 : 1)
        text.counter(
            "promptir_intake_pauses_total", "Pauses of the intake because of the disk.", counts.pauses)
        text.counter(
            "promptir_watch_overflows_total", "Overflows of the kernel's queue of events.", counts.overflows)
        text.counter("promptir_input_bytes_total", "Bytes of the originals restored.", state.inputByteCount)
        text.counter("promptir_output_bytes_total", "Bytes of the outputs.", state.outputByteCount)
        text.gauge(
            "promptir_last_success_timestamp_seconds",
            "When the last output was published; 0 before the first.",
            state.lastSuccess)
        text.histogram(
            "promptir_picture_duration_seconds", "Seconds from the claim of a picture to its durable output.",
            state.seconds)
        return text.text
    }
}
