import Files
import TOMLKit

/// A value as a file or a flag gives it, before a setting interprets it.
package enum RawSetting: Sendable, Equatable {
    case text(String)
    case integer(Int)
    case number(Double)
    case truth(Bool)
    /// A value that no setting accepts: an array, a table or a date.
    case other(String)
    /// Text from the command line. It may mean a number or a truth value, and `PortableText` stands for bytes
    /// that are not text.
    case argument(String)

    package init(_ value: any TOMLValueConvertible) {
        if let text = value.string {
            self = .text(text)
        } else if let integer = value.int {
            self = .integer(integer)
        } else if let number = value.double {
            self = .number(number)
        } else if let truth = value.bool {
            self = .truth(truth)
        } else {
            self = .other(value.type.description)
        }
    }

    package var string: String? {
        switch self {
        case .text(let text), .argument(let text): text
        default: nil
        }
    }

    package var path: Path? {
        switch self {
        case .text(let text): Path(text)
        case .argument(let text): Path(portableText: text)
        default: nil
        }
    }

    package var integer: Int? {
        switch self {
        case .integer(let value): value
        case .argument(let text): Int(text)
        default: nil
        }
    }

    package var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .argument(let text): Double(text)
        default: nil
        }
    }

    package var truth: Bool? {
        switch self {
        case .truth(let value): value
        case .argument(let text): Bool(text)
        default: nil
        }
    }

    /// The value as error messages describe it.
    package var description: String {
        switch self {
        case .text(let text): "the text \"\(text)\""
        case .integer(let value): "the whole number \(value)"
        case .number(let value): "the number \(value)"
        case .truth(let value): "\(value)"
        case .other(let type): "a value of type \(type)"
        case .argument(let text): "\"\(text)\""
        }
    }
}
