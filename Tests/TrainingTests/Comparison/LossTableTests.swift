import Testing
import Training

struct LossTableTests {
    static let table = LossTable(rows: [
        LossTable.Row(loss: "mse", psnr: 29.7412, epoch: 24, ssim: 0.91234, updates: 75_000, seconds: 3_725),
        LossTable.Row(loss: "l1", psnr: nil, epoch: nil, ssim: nil, updates: 5, seconds: 9.4),
    ])

    @Test func text() {
        #expect(
            Self.table.text == """
                best PSNR dB  in epoch  best SSIM  updates     time  loss
                      29.741        24    0.91234    75000  1:02:05  mse
                           -         -          -        5     0:09  l1

                """)
    }

    @Test func csvAndMarkdown() {
        #expect(
            Self.table.csv == """
                loss,best_psnr,epoch,best_ssim,updates,seconds
                mse,29.7412,24,0.91234,75000,3725.0
                l1,,,,5,9.4

                """)
        #expect(Self.table.markdown.contains("| mse | 29.741 | 24 | 0.91234 | 75000 | 1:02:05 |\n"))
        #expect(Self.table.markdown.contains("| l1 | - | - | - | 5 | 0:09 |\n"))
    }
}
