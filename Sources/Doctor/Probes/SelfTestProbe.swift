import Images
import PromptIR
import Restoration

/// Restores a picture made by a formula.
enum SelfTestProbe {
    static func run(_ restorer: Restorer, threadCount: Int) -> SelfTestCheck {
        var check = SelfTestCheck(threadCount: threadCount, duration: nil)
        do {
            let file = try PictureCodec.encode(picture, format: .png)
            let session = ForwardSession(network: restorer.network, threadCount: threadCount)
            let begin = ContinuousClock.now
            let side = try restorer.restore(PictureSource(file), session: session) { $0.width }
            check.duration = ContinuousClock.now - begin
            if side != SelfTestCheck.side { check.duration = nil }
        } catch {
            check.problem = "\(error)"
        }
        return check
    }

    /// Slopes with streaks, as rain leaves them.
    private static var picture: Picture {
        let side = SelfTestCheck.side
        let samples = (0..<side * side).flatMap { pixel -> [UInt8] in
            let (x, y) = (pixel % side, pixel / side)
            let streak = (x + 3 * y) % 23 == 0 ? 60 : 0
            return [x / 2 + streak, y / 2 + streak, (x + y) / 4 + streak].map { UInt8(clamping: $0) }
        }
        return Picture(width: side, height: side, layout: .rgb, samples: .eightBit(samples))
    }
}
