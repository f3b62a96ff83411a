/// What one check has found.
package struct Finding: Sendable, Equatable {
    package enum Level: String, Sendable, CaseIterable {
        case ok
        /// The service works, but not as well as it could, or not for all pictures.
        case warning
        /// The service does not work.
        case failed
    }

    package let level: Level
    /// What was checked, in one or two words.
    package let topic: String
    package let text: String
    /// What to do about it.
    package let advice: String?

    static func ok(_ topic: String, _ text: String) -> Finding {
        Finding(level: .ok, topic: topic, text: text, advice: nil)
    }

    static func warning(_ topic: String, _ text: String, advice: String?) -> Finding {
        Finding(level: .warning, topic: topic, text: text, advice: advice)
    }

    static func failed(_ topic: String, _ text: String, advice: String?) -> Finding {
        Finding(level: .failed, topic: topic, text: text, advice: advice)
    }
}
