import Terminals

/// The best PSNR and SSIM of every loss, as text, CSV and Markdown.
package struct LossTable: Sendable, Equatable {
    package struct Row: Sendable, Equatable {
        package let loss: String
        /// The best PSNR, and its epoch.
        package let psnr: Double?
        package let epoch: Int?
        /// The best SSIM of all epochs, which the recipe reports.
        package let ssim: Double?
        package let updates: Int
        package let seconds: Double

        package init(
            loss: String, psnr: Double?, epoch: Int?, ssim: Double?, updates: Int, seconds: Double
        ) {
            self.loss = loss
            self.psnr = psnr
            self.epoch = epoch
            self.ssim = ssim
            self.updates = updates
            self.seconds = seconds
        }

        package init(_ progress: TrainingProgress) {
            self.init(
                loss: progress.settings.loss.description, psnr: progress.best?.psnr,
                epoch: progress.best?.epoch, ssim: progress.history.compactMap(\.ssim).max(),
                updates: progress.update, seconds: progress.seconds)
        }
    }

    package let rows: [Row]

    package init(rows: [Row]) {
        self.rows = rows
    }

    package var text: String {
        var lines = ["best PSNR dB  in epoch  best SSIM  updates     time  loss"]
        for row in rows {
            lines.append(
                fixed(row.psnr, 3, width: 12) + fixed(row.epoch.map(Double.init), 0, width: 10)
                    + fixed(row.ssim, 5, width: 11) + fixed(Double(row.updates), 0, width: 9)
                    + padded(ProgressBar.clock(Int(row.seconds)), 9) + "  " + row.loss)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    package var csv: String {
        let lines = rows.map { row in
            [
                row.loss, row.psnr.map { "\($0)" } ?? "", row.epoch.map { "\($0)" } ?? "",
                row.ssim.map { "\($0)" } ?? "", "\(row.updates)", "\(row.seconds)",
            ].joined(separator: ",")
        }
        return (["loss,best_psnr,epoch,best_ssim,updates,seconds"] + lines).joined(separator: "\n") + "\n"
    }

    package var markdown: String {
        let lines = rows.map { row in
            "| \(row.loss) | \(fixed(row.psnr, 3)) | \(fixed(row.epoch.map(Double.init), 0)) | \(fixed(row.ssim, 5)) |"
                + " \(row.updates) | \(ProgressBar.clock(Int(row.seconds))) |"
        }
        return
            ([
                "| loss | best PSNR (dB) | in epoch | best SSIM | updates | time |",
                "|---|---:|---:|---:|---:|---:|",
            ] + lines).joined(separator: "\n") + "\n"
    }

    private func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
