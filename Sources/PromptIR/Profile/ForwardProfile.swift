/// The time of forward passes, by operation.
package struct ForwardProfile: Sendable {
    package struct Entry: Sendable {
        package let operation: String
        package var wallSeconds: Double
        /// The processor time of all threads, user and system.
        package var cpuSeconds: Double
        /// The number of executed floating-point operations; a multiply-add counts as two.
        package var operationCount: Int
        /// The number of bytes that must pass between the caches and memory.
        package var byteCount: Int
    }

    package private(set) var entries: [Entry] = []

    package init() {}

    mutating func add(operation: String, wallSeconds: Double, cpuSeconds: Double, cost: StepCost) {
        if let index = entries.firstIndex(where: { $0.operation == operation }) {
            entries[index].wallSeconds += wallSeconds
            entries[index].cpuSeconds += cpuSeconds
            entries[index].operationCount += cost.operationCount
            entries[index].byteCount += cost.byteCount
        } else {
            entries.append(
                Entry(
                    operation: operation, wallSeconds: wallSeconds, cpuSeconds: cpuSeconds,
                    operationCount: cost.operationCount,
                    byteCount: cost.byteCount))
        }
    }
}

extension ForwardSession {
    /// Returns the number of floating-point operations of one pass as PyTorch's counter counts them: 345.4 G
    /// for the published network at 256×256.
    package static func nominalOperationCount(network: Network, height: Int, width: Int) -> Int {
        let plan = plan(network: network, height: height, width: width)
        return plan.steps.reduce(0) { $0 + plan.cost($1).nominalOperationCount }
    }
}
