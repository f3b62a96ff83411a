import Files

/// Whether the model works. One that is bad for every picture must not send the whole inbox to `failed/`.
extension SpoolMachine {
    /// What is known of the model since it was loaded.
    enum ModelState: Equatable, Sendable {
        /// It has given no usable result yet: the pictures that it failed for, in a row.
        case untried([RelativeName])
        case working
        /// Nothing is begun until another is loaded.
        case faulty(String)
    }

    /// Pictures that were given up for the model's sake since it was loaded.
    package func isGivenUpForModel(_ name: RelativeName) -> Bool {
        guard case .untried(let names) = model else { return false }
        return names.contains(name)
    }

    /// Why the model is taken to be at fault; nil while it is not.
    package var modelFault: String? {
        guard case .faulty(let reason) = model else { return nil }
        return reason
    }

    mutating func praiseModel(_ job: Job, _ actions: inout [Action]) {
        // A picture that was begun with the model before tells nothing of this one.
        guard job.modelNumber == modelNumber else { return }
        if modelFault != nil, pause == nil { actions.append(.resume) }
        model = .working
    }

    /// The model failed for a picture.
    ///
    /// - Returns: whether it is the model's fault, so that the attempt does not count.
    mutating func blameModel(_ name: RelativeName, _ reason: FailureReason, _ actions: inout [Action]) -> Bool
    {
        switch model {
        case .working: return false
        case .faulty: return true
        case .untried(let before):
            guard before.count + 1 >= settings.modelFailureLimit else {
                model = .untried(before + [name])
                return false
            }
            let text =
                "the model gave no usable result for \(before.count + 1) pictures in a row since it was loaded "
                + "(\(reason.message)): put one that works in its place, then reload or restart"
            model = .faulty(text)
            counts.pauses += 1
            actions.append(.blameModel(text, givenUp: before))
            return true
        }
    }

    mutating func changeModel(_ actions: inout [Action]) {
        if modelFault != nil, pause == nil { actions.append(.resume) }
        modelNumber += 1
        model = .untried([])
    }
}
