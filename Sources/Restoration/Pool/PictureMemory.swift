import ProcessLimits
import PromptIR

/// Divides the process's memory between the loaded program and the pictures at work.
package enum PictureMemory {
    /// The program's own memory is rounded up to a multiple of this, because its size differs a little from run to run,
    /// but a picture's tiles must not.
    private static let step = 16 << 20
    /// What reading and writing even a small picture may take beside the network.
    private static let codecByteCount = 4 << 20

    /// Returns how many bytes the pictures may take. It is to be called when the weights are loaded.
    ///
    /// - Parameters:
    ///   - limit: the bytes that the whole process may take; nil for what the machine leaves beside the program.
    ///   - atRest: the bytes that the program takes without a picture.
    /// - Throws: ``MemoryLimitTooLow`` if a small picture has no room.
    package static func budget(
        of limit: Int?, for network: Network, atRest: Int = ResidentSize.byteCount
    ) throws(MemoryLimitTooLow) -> Int {
        guard let limit else { return MemoryLimit.detected() }
        let own = (atRest + step - 1) / step * step
        let side = TilePlan.minimumTile
        let least =
            codecByteCount
            + ForwardSession.workingByteCount(network: network, height: side, width: side, threadCount: 1)
        guard limit >= own + least else {
            throw MemoryLimitTooLow(limit: limit, own: own, least: least)
        }
        return limit - own
    }
}

/// A limit on the process's memory that leaves no room for a picture.
package struct MemoryLimitTooLow: Error, Equatable, Sendable, CustomStringConvertible {
    let limit: Int
    /// What the program takes with its weights.
    let own: Int
    /// What a small picture takes.
    let least: Int

    package var description: String {
        "memory-limit: the program takes up to \(own >> 20) MB with this model, and a small picture "
            + "\((least + (1 << 20) - 1) >> 20) MB: expected at least \(neededMegabytes) MB, found \(limit >> 20) MB"
    }

    /// The least limit, in whole megabytes.
    package var neededMegabytes: Int { (own + least + (1 << 20) - 1) >> 20 }
}
