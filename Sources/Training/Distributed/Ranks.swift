import CMPI
import Glibc
import Tensors

/// The processes that train together, as `mpirun -n K` starts them; one alone without.
///
/// Each computes the gradients of its part of every batch; the sums are taken over all, so that all make the same
/// steps. Process 0 alone writes files and shows progress. Calls are collective: every process makes the same ones in
/// the same order, from one thread.
package struct Ranks: Sendable {
    /// 0 to `count` − 1.
    package let number: Int
    package let count: Int

    /// Those of them on this machine.
    package var localCount: Int {
        getenv("OMPI_COMM_WORLD_LOCAL_SIZE").flatMap { Int(String(cString: $0)) } ?? 1
    }

    /// One process alone: every call is a no-op.
    package static let alone = Ranks(number: 0, count: 1)

    package var isFirst: Bool { number == 0 }

    /// Joins the processes that mpirun started with this one, if it did.
    /// - Throws: `RanksError` where mpirun started it, but Open MPI's library cannot be used.
    package static func join() throws(RanksError) -> Ranks {
        // Open MPI's launcher sets it for every process.
        guard getenv("OMPI_COMM_WORLD_SIZE") != nil else { return .alone }
        try check(ranks_join())
        return Ranks(number: Int(ranks_number()), count: Int(ranks_count()))
    }

    /// Every value becomes its sum over all processes, the same bits in each.
    package func sum(_ values: AlignedBuffer, count floatCount: Int) throws(RanksError) {
        guard count > 1 else { return }
        precondition(values.count >= floatCount, "Ranks: the buffer is too small")
        try Self.check(ranks_sum_floats(values.base, floatCount))
    }

    /// The sum of one number, in every step: takes no memory where there are no others.
    package func sum(_ value: Double) throws(RanksError) -> Double {
        count > 1 ? try sum([value])[0] : value
    }

    /// The same for a few numbers.
    package func sum(_ values: [Double]) throws(RanksError) -> [Double] {
        try reduced(values, ranks_sum_doubles)
    }

    /// The largest of all processes, for each place.
    package func largest(_ values: [Double]) throws(RanksError) -> [Double] {
        try reduced(values, ranks_largest_doubles)
    }

    /// Ends all processes: what one of them does that cannot go on.
    package func abort(status: Int32) {
        ranks_abort(status)
    }

    /// Leaves; all processes must. Nothing where there are no others.
    package func leave() {
        ranks_leave()
    }

    private func reduced(
        _ values: [Double], _ call: (UnsafeMutablePointer<Double>?, Int) -> Int32
    ) throws(RanksError) -> [Double] {
        guard count > 1 else { return values }
        var result = values
        let status = result.withUnsafeMutableBufferPointer { call($0.baseAddress, $0.count) }
        try Self.check(status)
        return result
    }

    private static func check(_ status: Int32) throws(RanksError) {
        guard status != 0 else { return }
        throw RanksError(reason: String(cString: ranks_problem()))
    }
}

/// Why processes cannot train together.
package struct RanksError: Error, Sendable, Equatable, CustomStringConvertible {
    package let reason: String

    package var description: String {
        "training on several processes: \(reason); install Open MPI, or start the program without mpirun"
    }
}
