/// A member of a Python module that a pickle names. Only the cases before `other` have a meaning; none is
/// ever looked up.
enum PickleGlobal: Equatable, Sendable {
    case orderedDict
    case size
    case rebuildTensor
    case rebuildParameter
    case rebuildFromType
    case storage(TorchStorageType)
    /// `module.name`.
    case other(String)

    init(module: String, name: String) {
        self =
            switch (module, name) {
            case ("collections", "OrderedDict"), ("collections", "defaultdict"),
                ("__builtin__", "dict"), ("builtins", "dict"):
                .orderedDict
            case ("torch", "Size"): .size
            case ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"): .rebuildTensor
            case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"):
                .rebuildParameter
            case ("torch._tensor", "_rebuild_from_type_v2"), ("torch._tensor", "_rebuild_from_type"),
                ("torch.tensor", "_rebuild_from_type"):
                .rebuildFromType
            case ("torch", _), ("torch.cuda", _), ("torch.storage", _):
                TorchStorageType(className: name).map { .storage($0) } ?? .other("\(module).\(name)")
            default: .other("\(module).\(name)")
            }
    }

    /// The name for messages.
    var name: String {
        switch self {
        case .orderedDict: "collections.OrderedDict"
        case .size: "torch.Size"
        case .rebuildTensor: "torch._utils._rebuild_tensor_v2"
        case .rebuildParameter: "torch._utils._rebuild_parameter"
        case .rebuildFromType: "torch._tensor._rebuild_from_type_v2"
        case .storage: "a storage's class"
        case .other(let name): name
        }
    }

    /// Whether a member runs programs or code. Hyper-parameters may be of any class, so all other unknown
    /// members become opaque values. These are refused by name, because only attacks need them.
    static func isForbidden(module: String, name: String) -> Bool {
        // "os.path" and "importlib.util" are as dangerous as their parents.
        let root = module.prefix { $0 != "." }
        if forbiddenModules.contains(String(root)) { return true }
        return (module == "builtins" || module == "__builtin__") && forbiddenBuiltins.contains(name)
    }

    private static let forbiddenModules: Set = [
        "os", "posix", "nt", "subprocess", "sys", "shutil", "socket", "pty", "runpy", "importlib", "ctypes",
        "webbrowser",
    ]
    private static let forbiddenBuiltins: Set = [
        "eval", "exec", "execfile", "compile", "open", "__import__", "input", "breakpoint",
    ]
}

/// The element type of a PyTorch storage class.
enum TorchStorageType: Equatable, Sendable {
    case float(ElementType)
    /// Whole numbers, booleans, complex and quantised numbers.
    case other(byteCount: Int)

    init?(className: String) {
        switch className {
        case "FloatStorage": self = .float(.float32)
        case "DoubleStorage": self = .float(.float64)
        case "HalfStorage": self = .float(.float16)
        case "BFloat16Storage": self = .float(.bfloat16)
        case "ByteStorage", "CharStorage", "BoolStorage", "QInt8Storage", "QUInt8Storage", "UntypedStorage":
            self = .other(byteCount: 1)
        case "ShortStorage": self = .other(byteCount: 2)
        case "IntStorage", "QInt32Storage": self = .other(byteCount: 4)
        case "LongStorage", "ComplexFloatStorage": self = .other(byteCount: 8)
        case "ComplexDoubleStorage": self = .other(byteCount: 16)
        default: return nil
        }
    }

    /// The number of bytes of one element.
    var byteCount: Int {
        switch self {
        case .float(let type): type.byteCount
        case .other(let byteCount): byteCount
        }
    }
}
