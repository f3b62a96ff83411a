import PromptIR
import Terminals
import Training

/// Shows a run's progress: one line at the bottom of a terminal, or a line from time to time if there is no terminal.
final class TrainingProgressLine {
    private static let secondsBetweenLines = 60.0

    private let terminal = Terminal.isPresent ? Terminal() : nil
    private var shownAt = 0.0
    /// The time of the last measurement.
    private var psnr: Double?

    /// - Parameter label: printed before the line; empty for none.
    func show(_ event: TrainingEvent, label: String = "") {
        let label = label.isEmpty ? "" : "\(label): "
        switch event {
        case .update(let report): show(report, label)
        case .validating(let done, let count):
            terminal?.show(cut("\(label)measuring \(done)/\(count)"))
        case .epoch(let record, let count, let isBest):
            psnr = record.psnr ?? psnr
            print(label + line(for: record, of: count, isBest: isBest))
        }
    }

    /// Removes the line.
    func clear() {
        terminal?.show("")
    }

    private func show(_ report: UpdateReport, _ label: String) {
        let now = Clock.wallSeconds()
        let pause = terminal == nil ? Self.secondsBetweenLines : 0.2
        guard now - shownAt >= pause else { return }
        shownAt = now
        var text =
            "\(label)epoch \(report.epoch)/\(report.epochCount), update \(report.update)/\(report.updateCount)"
        // On a narrow terminal the end is cut off.
        text += ", \(ProgressBar.clock(Int(report.secondsLeft.rounded(.up)))) left"
        text += ", loss \(significant(report.loss)), PSNR \(fixed(report.trainingPSNR, 2)) dB"
        if let psnr { text += " (validation \(fixed(psnr, 2)))" }
        text += ", \(fixed(report.picturesPerSecond, 1)) images/s"
        if let terminal {
            terminal.show(cut(text))
        } else {
            print(text)
        }
    }

    private func line(for record: EpochRecord, of count: Int, isBest: Bool) -> String {
        var text = "epoch \(record.epoch)/\(count): loss \(significant(record.trainingLoss))"
        if let psnr = record.psnr { text += ", validation PSNR \(fixed(psnr, 3)) dB" }
        if let ssim = record.ssim { text += ", SSIM \(fixed(ssim, 5))" }
        if isBest { text += ", the best so far" }
        return text + ", after \(ProgressBar.clock(Int(record.seconds)))"
    }

    private func print(_ line: String) {
        if let terminal { terminal.write(line + "\n") } else { StandardError.write(line + "\n") }
    }

    private func cut(_ text: String) -> String {
        String(text.prefix(Terminal.columnCount - 1))
    }

    /// Formats a loss. Small losses keep their significant digits.
    private func significant(_ value: Double) -> String {
        fixed(value, value < 0.001 ? 7 : 5)
    }
}
