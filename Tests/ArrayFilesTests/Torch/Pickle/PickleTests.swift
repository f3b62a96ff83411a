import ArrayFiles
import Testing

@Suite("The pickle machine")
struct PickleTests {
    private func expect(
        _ problem: PickleProblem, _ pickle: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        expectCheckpointProblem(.pickle(problem), TorchBuilder.zip(pickle), sourceLocation: sourceLocation)
    }

    private static func weight(_ builder: inout PickleBuilder) {
        builder.tensor(count: 6, shape: [6], strides: [1])
    }

    /// A state dictionary with something beside it.
    private static func beside(_ push: @escaping (inout PickleBuilder) -> Void) -> [UInt8] {
        TorchBuilder.zip(
            PickleBuilder.dictionary([
                ("hyper_parameters", push), ("state_dict", { $0.pushDictionary([("a", weight)]) }),
            ]),
            storages: ["0": TorchBuilder.sixFloats])
    }

    /// Every one that the machine knows.
    static let opcodes: [UInt8] =
        Array("(.012NJKMGXTUBC)t]aeld}sucRbQqrhj".utf8) + [
            0x80, 0x81, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F, 0x90, 0x91, 0x92,
            0x93,
            0x94, 0x95, 0x96,
        ]

    @Test func unknownOpcodesAreNamed() {
        for opcode in UInt8.min...UInt8.max where !Self.opcodes.contains(opcode) {
            expect(.unknownOpcode(opcode, offset: 2), [0x80, 2, opcode])
        }
    }

    @Test(arguments: [0, 1, 6, 255])
    func otherProtocolsAreRefused(_ version: UInt8) {
        expect(.unsupportedProtocol(Int(version)), [0x80, version, 0x2E])
    }

    @Test(arguments: [
        ("os", "system"), ("posix", "system"), ("nt", "system"), ("subprocess", "Popen"),
        ("builtins", "eval"),
        ("__builtin__", "exec"), ("builtins", "__import__"), ("os.path", "join"),
        ("importlib.util", "find_spec"),
        ("shutil", "rmtree"), ("sys", "exit"), ("runpy", "_run_code"), ("socket", "socket"),
    ])
    func dangerousGlobalsAreRefusedEverywhere(_ module: String, _ name: String) {
        var builder = PickleBuilder()
        builder.global(module, name)
        builder.text("echo")
        builder.bytes += [0x85]
        builder += "R."
        expect(.forbiddenGlobal("\(module).\(name)", offset: 2), builder.bytes)

        // Protocol 4's way of naming, hidden among hyper-parameters.
        let hidden = Self.beside {
            $0.text(module)
            $0.text(name)
            $0.bytes.append(0x93)
        }
        let error = #expect(throws: ArrayFileError.self) { try Checkpoint(bytes: hidden, path: "p") }
        guard case .pickle(.forbiddenGlobal("\(module).\(name)", _)) = error?.problem else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func objectsOfAnyClassMayStandBesideTheWeights() throws {
        let pushes: [(inout PickleBuilder) -> Void] = [
            // argparse.Namespace: an instance without arguments, then its state.
            {
                $0.global("argparse", "Namespace")
                $0 += ")"
                $0.bytes.append(0x81)
                $0 += "}("
                $0.text("lr")
                $0.integer(1)
                $0 += "ub"
            },
            // pathlib.PosixPath("a", "b")
            {
                $0.global("pathlib", "PosixPath")
                $0.text("a")
                $0.text("b")
                $0.bytes.append(0x86)
                $0 += "R"
            },
            // A dictionary's subclass, filled by items, and a list's.
            {
                $0.global("pytorch_lightning.utilities.parsing", "AttributeDict")
                $0 += ")R("
                $0.text("lr")
                $0.integer(1)
                $0 += "u"
            },
            {
                $0.global("omegaconf.listconfig", "ListConfig")
                $0 += ")R"
                $0.integer(1)
                $0 += "a"
            },
            // Calling what a call gave.
            {
                $0.global("functools", "partial")
                $0 += ")R)R"
            },
            // NEWOBJ_EX, a set, bytes, a long number, a function that is only named.
            {
                $0.global("a.b", "C")
                $0 += ")}"
                $0.bytes.append(0x92)
            },
            {
                $0.bytes.append(0x8F)
                $0 += "("
                $0.integer(1)
                $0.bytes.append(0x90)
            },
            { $0.bytes += [0x43, 2, 0xFF, 0xFE] },
            { $0.bytes += [0x8A, 9] + [UInt8](repeating: 0xAB, count: 9) },
            { $0.global("torch", "float32") },
            { $0.global("my.module", "function") },
        ]
        for push in pushes {
            let checkpoint = try Checkpoint(bytes: Self.beside(push), path: "p")
            #expect(try checkpoint.floats(named: "a") == [0, 1, 2, 3, 4, 5])
        }
    }

    @Test func unknownCallsAmongTheWeightsAreNamed() {
        let pickle = PickleBuilder.dictionary([
            ("a", Self.weight),
            (
                "b",
                {
                    $0.global("torch._utils", "_rebuild_sparse_tensor")
                    $0 += ")R"
                }
            ),
        ])
        expectCheckpointProblem(
            .torch(.unknownGlobal(entry: "b", global: "torch._utils._rebuild_sparse_tensor")),
            TorchBuilder.zip(pickle))

        let storage = PickleBuilder.dictionary([
            ("a", { $0.tensor("Float8Storage", count: 6, shape: [6], strides: [1]) }), ("b", Self.weight),
        ])
        expectCheckpointProblem(
            .torch(.unknownGlobal(entry: "a", global: "torch.Float8Storage")), TorchBuilder.zip(storage))
    }

    @Test func aWholeModelIsRefusedByItsClass() {
        var builder = PickleBuilder()
        builder.global("net.model", "PromptIR")
        builder += ")"
        builder.bytes.append(0x81)
        builder += "}b."
        expectCheckpointProblem(
            .torch(.unknownGlobal(entry: "the file's object", global: "net.model.PromptIR")),
            TorchBuilder.zip(builder.bytes))
        let nested = PickleBuilder.dictionary([
            (
                "model",
                {
                    $0.global("net.model", "PromptIR")
                    $0 += ")R"
                }
            )
        ])
        expectCheckpointProblem(
            .torch(.unknownGlobal(entry: "model", global: "net.model.PromptIR")), TorchBuilder.zip(nested))
    }

    @Test func stacksMarksAndMemosAreChecked() {
        expect(.stackUnderflow(offset: 2), [0x80, 2] + Array("0.".utf8))
        expect(.stackUnderflow(offset: 2), [0x80, 2] + Array("t.".utf8))
        expect(.stackUnderflow(offset: 3), [0x80, 2] + Array("N".utf8) + [0x86, 0x2E])
        // Below a mark nothing may be taken.
        expect(.stackUnderflow(offset: 4), [0x80, 2] + Array("}(R.".utf8))
        expect(.stackUnderflow(offset: 2), [0x80, 2, 0x2E])
        expect(.missingMemo(index: 7, offset: 2), [0x80, 2, 0x68, 7, 0x2E])
        expect(.badOperand(offset: 4, expected: "a list"), [0x80, 2] + Array("NNa.".utf8))
        expect(.badOperand(offset: 5, expected: "keys with values"), [0x80, 2] + Array("}(Nu.".utf8))
        expect(.badOperand(offset: 4, expected: "a tuple of arguments"), [0x80, 2] + Array("NNR.".utf8))
        expect(.badOperand(offset: 4, expected: "something to call"), [0x80, 2] + Array("N)R.".utf8))
        expect(.badOperand(offset: 3, expected: "a tuple of arguments"), [0x80, 2] + Array("NQ.".utf8))
        expect(
            .badOperand(offset: 3, expected: "the description of a storage"), [0x80, 2] + Array(")Q.".utf8))
    }

    @Test func lengthsBeyondTheFileAreRefusedBeforeAllocation() {
        expect(.truncated(offset: 7), [0x80, 2, 0x58, 0xFF, 0xFF, 0xFF, 0xFF])
        expect(.truncated(offset: 11), [0x80, 4, 0x8D] + little(UInt64.max))
        expect(.truncated(offset: 11), [0x80, 4, 0x8E] + little(UInt64(Int.max)))
        expect(.truncated(offset: 7), [0x80, 2, 0x8B] + little(Int32.min))
        expect(.damagedText(offset: 2), [0x80, 2, 0x58, 1, 0, 0, 0, 0xFF, 0x2E])
    }

    @Test func cyclesAreHarmless() {
        // A dictionary that holds itself under every key that is searched.
        let keys = ["params_ema", "ema", "state_dict", "model_state_dict", "model", "params"]
        var builder = PickleBuilder()
        builder += "}q\u{0}("
        for key in keys {
            builder.text(key)
            builder += "h\u{0}"
        }
        builder += "u."
        expectCheckpointProblem(.checkpoint(.noWeights(found: keys)), TorchBuilder.zip(builder.bytes))
    }

    @Test func deepNestingDoesNotRecurse() {
        let depth = 200_000
        let deep =
            [0x80, 2] + [UInt8](repeating: 0x5D, count: depth) + [UInt8](repeating: 0x61, count: depth - 1)
            + [0x2E]
        expectCheckpointProblem(.checkpoint(.noWeights(found: [])), TorchBuilder.zip(deep))
    }

    @Test func memoryIsBounded() {
        let many = 3_000_000
        expect(.stackOverflow(offset: 2 + 262_144), [0x80, 2] + [UInt8](repeating: 0x4E, count: many))
        expect(.stackOverflow(offset: 2 + 262_144), [0x80, 2] + [UInt8](repeating: 0x28, count: many))
        // Lists made and dropped.
        let dropped = [0x80, 2] + Array([[UInt8]](repeating: [0x5D, 0x30], count: many / 2).joined())
        expect(.tooManyValues(offset: 2 + 2 * 1_048_576), dropped)
        // One list, filled again and again.
        let filled = [0x80, 2, 0x5D] + Array([[UInt8]](repeating: [0x4E, 0x61], count: many / 2).joined())
        expect(.tooManyValues(offset: 4 + 2 * 1_048_575), filled)
    }

    @Test func timeIsBounded() throws {
        let begin = ContinuousClock.now
        let endless = [0x80, 2] + Array([[UInt8]](repeating: [0x4E, 0x30], count: 3_000_000).joined())
        expect(.tooManyOpcodes(offset: 4_194_305), endless)

        // Each opcode works on the top of the stack alone, however deep the stack is.
        let tensors = (0..<20_000).map { index -> (String, (inout PickleBuilder) -> Void) in
            ("t\(index)", { $0.tensor(count: 6, offset: index % 6, shape: [], strides: []) })
        }
        let bytes = TorchBuilder.zip(
            PickleBuilder.dictionary(tensors), storages: ["0": TorchBuilder.sixFloats])
        let checkpoint = try Checkpoint(bytes: bytes, path: "p")
        #expect(checkpoint.tensors.count == 20_000)
        #expect(try checkpoint.floats(named: "t19999") == [1])
        #expect(ContinuousClock.now - begin < .seconds(60))
    }
}
