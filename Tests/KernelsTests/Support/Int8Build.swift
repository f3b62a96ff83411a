import EmulatedInt8Kernels
import Int8Kernels
import Kernels
import Products
import WideInt8Kernels

/// The builds of the kernels for int8. Every processor can run the emulated one, which is the wide one's sources without
/// its instructions.
enum Int8Build: String, CaseIterable {
    case narrow, emulated, wide, matrixUnit

    static var runnable: [Int8Build] {
        allCases.filter {
            switch $0 {
            case .narrow, .emulated: true
            case .wide: Processor.hasWideInt8
            case .matrixUnit: Processor.hasMatrixUnit
            }
        }
    }

    var kernels: any QuantizedKernels.Type {
        switch self {
        case .narrow: Int8Kernels.QuantizedBuild.self
        case .emulated: EmulatedInt8Kernels.QuantizedBuild.self
        case .wide: WideInt8Kernels.QuantizedBuild.self
        case .matrixUnit: MatrixUnitBuild.self
        }
    }

    /// The integers of a pixel's words.
    func pixel(_ words: UnsafePointer<Float>, _ count: Int) -> [Double] {
        (0..<count).map { index in
            let perWord = kernels.integersPerWord
            let bits = words[index / perWord].bitPattern >> UInt32(32 / perWord * (index % perWord))
            return perWord == 2
                ? Double(Int16(truncatingIfNeeded: bits)) : Double(UInt8(truncatingIfNeeded: bits)) - 128
        }
    }

    /// A column's integers; `words` are 16 apart.
    func column(_ words: UnsafePointer<Float>, _ count: Int) -> [Double] {
        (0..<count).map { index in
            let perWord = kernels.integersPerWord
            let bits = words[index / perWord * 16].bitPattern >> UInt32(32 / perWord * (index % perWord))
            return perWord == 2
                ? Double(Int16(truncatingIfNeeded: bits)) : Double(Int8(truncatingIfNeeded: bits))
        }
    }

    /// Integers as a word of a pixel or of a column.
    func word(_ integers: [Float], isPixel: Bool) -> Float {
        let perWord = kernels.integersPerWord
        let offset = isPixel && perWord == 4 ? 128 : 0
        return Float(
            bitPattern: integers.enumerated().reduce(UInt32(0)) { word, part in
                let bits = UInt32(bitPattern: Int32(part.element) + Int32(offset))
                return word | (bits & (perWord == 2 ? 0xFFFF : 0xFF)) << UInt32(32 / perWord * part.offset)
            })
    }

    /// What is taken off a column's sums.
    func offset(_ integers: [Float]) -> Float {
        let offset = kernels.integersPerWord == 4 ? 128 * Int32(integers.reduce(0, +)) : 0
        return Float(bitPattern: UInt32(bitPattern: offset))
    }
}

extension Float {
    func clamped(to range: ClosedRange<Float>) -> Float {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
