import CMPI
import Glibc
import Tensors

/// The processes that train together, as started by `mpirun -n K`, or a single process.
///
/// Each process computes the gradients of its part of every batch. The gradients are summed over all
/// processes, so all make the same steps. Only process 0 writes files and shows progress. Calls are
/// collective: every process makes the same calls in the same order, from one thread.
package struct Ranks: Sendable {
    /// The process's number, from 0 to `count` − 1.
    package let number: Int
    package let count: Int

    /// The number of processes on this machine.
    package var localCount: Int {
        getenv("OMPI_COMM_WORLD_LOCAL_SIZE").flatMap { Int(String(cString: $0)) } ?? 1
    }

    /// A single process, for which every call does nothing.
    package static let alone = Ranks(number: 0, count: 1)

    package var isFirst: Bool { number == 0 }

    /// Joins the processes that mpirun started with this one, if it did.
    /// - Throws: `RanksError` if mpirun started this process, but Open MPI's library cannot be used.
    package static func join() throws(RanksError) -> Ranks {
        // Open MPI's launcher sets this variable for every process.
        guard getenv("OMPI_COMM_WORLD_SIZE") != nil else { return .alone }
        try check(ranks_join())
        return Ranks(number: Int(ranks_number()), count: Int(ranks_count()))
    }

    /// Replaces every value by its sum over all processes, with the same bits in each.
    package func sum(_ values: AlignedBuffer, count floatCount: Int) throws(RanksError) {
        guard count > 1 else { return }
        precondition(values.count >= floatCount, "Ranks: the buffer is too small")
        try Self.check(ranks_sum_floats(values.base, floatCount))
    }

    /// Returns the sum of one number. It is called in every step and allocates nothing if there are no other
    /// processes.
    package func sum(_ value: Double) throws(RanksError) -> Double {
        count > 1 ? try sum([value])[0] : value
    }

    /// Returns the sums of a few numbers.
    package func sum(_ values: [Double]) throws(RanksError) -> [Double] {
        try reduced(values, ranks_sum_doubles)
    }

    /// Returns the largest value of all processes, for each place.
    package func largest(_ values: [Double]) throws(RanksError) -> [Double] {
        try reduced(values, ranks_largest_doubles)
    }

    /// Ends all processes. A process that cannot continue must call it.
    package func abort(status: Int32) {
        ranks_abort(status)
    }

    /// Leaves the group, as all processes must. Does nothing for a single process.
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
