// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: Swift 6 mode comes from the tools version, warnings are errors.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

// Fused multiply-add must be visible to the compiler, or `addingProduct` becomes a library call; overflow
// checks cost in the inner loops, whose bounds are checked at the kernels' entry.
#if arch(x86_64)
    let processorFlags = ["-Xcc", "-march=x86-64-v3"]
#else
    let processorFlags: [String] = []
#endif
let widestFlags =
    processorFlags.isEmpty ? [] : ["-Xcc", "-march=x86-64-v4", "-Xcc", "-mprefer-vector-width=512"]

// Small functions that kernels of other targets call in their loops. Swift 6.3 inlines `package` ones across targets, even
// those marked @inlinable, with this flag only. `@export(interface)` keeps it from the kernels: a target without the
// processor's flags, such as a test, would compile one again, slower, and the linker may take that copy for all.
let inlined: [SwiftSetting] = [.unsafeFlags(["-enable-cmo-everything"], .when(configuration: .release))]

// Debug builds need the processor's flags too where a C header is imported: without them it lacks the functions.
func kernelSettings(_ flags: [String]) -> [SwiftSetting] {
    strict + [.unsafeFlags(flags), .unsafeFlags(["-Ounchecked"], .when(configuration: .release))]
}
let kernel = kernelSettings(processorFlags)
let wideKernel = kernelSettings(widestFlags)
let bfloat16Kernel = kernelSettings(widestFlags.isEmpty ? [] : widestFlags + ["-Xcc", "-mavx512bf16"])
let wideInt8Kernel = kernelSettings(
    widestFlags.isEmpty ? [] : widestFlags + ["-Xcc", "-mavx512bf16", "-Xcc", "-mavx512vnni"])

let package = Package(
    name: "promptir-restored",
    products: [
        .executable(name: "promptir-restored", targets: ["promptir-restored"]),
        .executable(name: "promptir", targets: ["promptir"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
    ],
    targets: [
        // C at arm's length
        .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["libpng-dev"])]),
        .target(name: "CLinux"),
        .target(
            name: "CImageCodecs",
            linkerSettings: [.linkedLibrary("png"), .linkedLibrary("jpeg"), .linkedLibrary("z")]),
        .target(name: "COpenBLAS", linkerSettings: [.linkedLibrary("dl")]),

        // Files
        .target(name: "Files", dependencies: ["CLinux"], swiftSettings: strict),

        // The network on a processor
        .target(name: "Tensors", swiftSettings: strict + inlined),
        .target(name: "CProcessor"),
        .target(name: "CThreads"),
        .target(name: "CMPI", linkerSettings: [.linkedLibrary("dl")]),
        .target(name: "CLanes"),
        .target(
            name: "Products", dependencies: ["CLanes"],
            swiftSettings: kernel + inlined + [.define("NARROW_PRODUCTS")]),
        .target(name: "WideProducts", dependencies: ["CLanes", "Products"], swiftSettings: wideKernel),
        .target(name: "CBFloat16"),
        .target(name: "CMatrixUnit"),
        .target(
            name: "BFloat16Kernels", dependencies: ["CBFloat16", "CMatrixUnit", "CLanes", "Products"],
            swiftSettings: bfloat16Kernel),
        .target(
            name: "EmulatedBFloat16Kernels", dependencies: ["CBFloat16", "CLanes", "Products"],
            swiftSettings: kernel),
        .target(name: "CInt8"),
        .target(
            name: "EmulatedInt8Kernels", dependencies: ["CBFloat16", "CInt8", "CLanes", "Products"],
            swiftSettings: kernel),
        .target(
            name: "WideInt8Kernels",
            dependencies: ["CBFloat16", "CInt8", "CMatrixUnit", "CLanes", "Products"],
            swiftSettings: wideInt8Kernel),
        .target(
            name: "Int8Kernels", dependencies: ["CBFloat16", "CInt8", "CLanes", "Products"],
            swiftSettings: kernel),
        .target(
            name: "Kernels",
            dependencies: [
                "Tensors", "CProcessor", "CMatrixUnit", "CThreads", "Products", "WideProducts",
                "BFloat16Kernels", "EmulatedBFloat16Kernels", "Int8Kernels", "WideInt8Kernels",
                "EmulatedInt8Kernels", "CLanes",
            ],
            swiftSettings: kernel),
        .target(name: "ReferenceKernels", swiftSettings: strict),
        .target(name: "ArrayFiles", dependencies: ["CZlib", "Files"], swiftSettings: strict),
        .target(name: "PromptIR", dependencies: ["Tensors", "Kernels", "ArrayFiles"], swiftSettings: strict),

        // Pictures
        .target(name: "Images", dependencies: ["CImageCodecs", "Files"], swiftSettings: strict),
        .target(name: "ProcessLimits", dependencies: ["Files"], swiftSettings: strict),
        .target(name: "Bundles", dependencies: ["Files", "ArrayFiles", "Images"], swiftSettings: strict),
        .target(
            name: "Restoration",
            dependencies: [
                "Files", "Tensors", "ArrayFiles", "PromptIR", "Images", "ProcessLimits",
                .product(name: "DequeModule", package: "swift-collections"),
            ],
            resources: [.copy("Resources/compact.safetensors")], swiftSettings: strict),

        .target(
            name: "Tools",
            dependencies: [
                "COpenBLAS", "Files", "Tensors", "Kernels", "ArrayFiles", "PromptIR", "Images",
                "ProcessLimits",
                "Restoration",
            ], swiftSettings: strict),

        // What training learns from, and what it shows
        .target(name: "Terminals", swiftSettings: strict),
        .target(name: "RandomNumbers", swiftSettings: strict),
        .target(name: "Weather", dependencies: ["Images", "RandomNumbers"], swiftSettings: strict),
        .target(
            name: "Datasets", dependencies: ["Files", "Tensors", "Images", "RandomNumbers", "Weather"],
            swiftSettings: strict),
        .target(name: "Charts", dependencies: ["Files", "Images", "Terminals"], swiftSettings: strict),

        // Training
        .target(
            name: "Training",
            dependencies: [
                "Files", "Tensors", "CMPI", "Kernels", "ArrayFiles", "PromptIR", "Images", "ProcessLimits",
                "Restoration", "Terminals", "RandomNumbers", "Weather", "Datasets", "Charts", "TOMLKit",
            ], swiftSettings: strict),

        // The service
        .target(
            name: "Spool",
            dependencies: [
                "Files", "RandomNumbers", .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: strict),
        .target(
            name: "Reports",
            dependencies: ["Files", "Images", "Restoration", "Terminals", "Charts", "Spool"],
            swiftSettings: strict),
        .target(
            name: "Service",
            dependencies: [
                "CSystemd", "CLinux", "Files", "Tensors", "PromptIR", "Images", "ProcessLimits", "Bundles",
                "Restoration", "Terminals", "Spool", "Reports", "TOMLKit",
                .product(name: "Logging", package: "swift-log"),
            ], swiftSettings: strict),

        .target(
            name: "Doctor",
            dependencies: [
                "Files", "Tensors", "Kernels", "ArrayFiles", "PromptIR", "Images", "ProcessLimits",
                "Restoration", "Terminals", "Spool", "Service",
            ], swiftSettings: strict),

        // The two programs: argument parsing and nothing else
        .executableTarget(
            name: "promptir-restored",
            dependencies: [
                "Files", "Service", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "promptir",
            dependencies: [
                "Files", "Tensors", "Kernels", "ArrayFiles", "PromptIR", "Images", "ProcessLimits", "Bundles",
                "Restoration", "Tools", "Terminals", "Weather", "Datasets", "Training", "Doctor", "Reports",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: strict),

        // Tests mirror sources
        .target(
            name: "TestSupport", dependencies: [], path: "Tests/TestSupport", swiftSettings: strict),
        .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
        .executableTarget(
            name: "allocation-check",
            dependencies: ["Tensors", "Kernels", "PromptIR", "Datasets", "Training", "CAllocationCounter"],
            path: "Tests/AllocationCheck", swiftSettings: strict),
        .testTarget(
            name: "KernelsTests",
            dependencies: [
                "Tensors", "Products", "WideProducts", "BFloat16Kernels", "EmulatedBFloat16Kernels",
                "Int8Kernels", "WideInt8Kernels", "EmulatedInt8Kernels", "Kernels",
                "ReferenceKernels", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ArrayFilesTests", dependencies: ["Files", "ArrayFiles", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "PromptIRTests",
            dependencies: [
                "Files", "Tensors", "Kernels", "ReferenceKernels", "ArrayFiles", "PromptIR", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "TrainingTests",
            dependencies: [
                "Files", "Tensors", "Kernels", "ReferenceKernels", "ArrayFiles", "PromptIR", "Images",
                "Restoration", "Datasets", "Training", "TestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ImagesTests", dependencies: ["Files", "Images", "TestSupport"],
            exclude: ["Fixtures", "make_fixtures.py", "picture_parts.py"], swiftSettings: strict),
        .target(
            name: "RestorationTestSupport",
            dependencies: ["Files", "PromptIR", "Images", "Restoration", "TestSupport"],
            path: "Tests/RestorationTestSupport",
            swiftSettings: strict),
        .testTarget(
            name: "ProcessLimitsTests",
            dependencies: ["Files", "ProcessLimits", "Restoration", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "BundlesTests",
            dependencies: [
                "Files", "ArrayFiles", "Images", "Bundles", "Restoration", "TestSupport",
                "RestorationTestSupport",
            ], swiftSettings: strict),
        .testTarget(
            name: "ToolsTests",
            dependencies: [
                "Files", "Images", "Restoration", "Tools", "TestSupport", "RestorationTestSupport",
            ], swiftSettings: strict),
        .testTarget(
            name: "RestorationTests",
            dependencies: [
                "Files", "Tensors", "Kernels", "ArrayFiles", "PromptIR", "Images", "ProcessLimits",
                "Restoration",
                "TestSupport", "RestorationTestSupport",
            ],
            swiftSettings: strict),
        .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "RandomNumbersTests", dependencies: ["RandomNumbers"], swiftSettings: strict),
        .testTarget(
            name: "WeatherTests", dependencies: ["Images", "Weather", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "DatasetsTests",
            dependencies: ["Files", "Tensors", "Images", "Weather", "Datasets", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ChartsTests", dependencies: ["Files", "Images", "Charts", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "SpoolTests", dependencies: ["Files", "Spool", "TestSupport"], swiftSettings: strict),
        .testTarget(
            name: "ReportsTests", dependencies: ["Files", "Images", "Reports", "TestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "ServiceTests",
            dependencies: [
                "Files", "PromptIR", "Images", "ProcessLimits", "Bundles", "Restoration", "Terminals",
                "Spool",
                "Service", "TestSupport",
            ], swiftSettings: strict),
        .testTarget(
            name: "DoctorTests",
            dependencies: ["Files", "Tensors", "Restoration", "Doctor"], swiftSettings: strict),
    ]
)
