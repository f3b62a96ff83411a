import Files

/// An array in numpy's format, in memory. It is row-major whatever the file had.
package struct NpyArray: Sendable, Equatable {
    package enum Values: Sendable, Equatable {
        case float32([Float])
        case float64([Double])
        case uint8([UInt8])

        package var count: Int {
            switch self {
            case .float32(let values): values.count
            case .float64(let values): values.count
            case .uint8(let values): values.count
            }
        }
    }

    package let shape: [Int]
    /// The values in row-major order, as many as the shape says.
    package let values: Values

    package init(shape: [Int], values: Values) {
        precondition(shape.reduce(1, *) == values.count, "the values do not fill the shape")
        self.shape = shape
        self.values = values
    }

    /// The values as float32: float64 is rounded to nearest, bytes become 0…255.
    package var floats: [Float] {
        switch values {
        case .float32(let values): values
        case .float64(let values): values.map { Float($0) }
        case .uint8(let values): values.map { Float($0) }
        }
    }

    /// Reads an `.npy` file.
    /// - Throws: `ArrayFileError` or `FileError`.
    package init(path: Path) throws {
        try self.init(try ByteRegion(mapping: path).view)
    }

    /// Reads an `.npy` file in memory; `path` is for messages.
    package init(bytes: [UInt8], path: Path) throws(ArrayFileError) {
        try self.init(try ByteRegion(copying: bytes, path: path).view)
    }

    init(_ file: ByteView) throws(ArrayFileError) {
        let header = try NpyHeader(file)
        guard let count = CheckedShape.elementCount(header.shape),
            case (let byteCount, let overflow) = count.multipliedReportingOverflow(by: header.type.byteCount),
            !overflow
        else { throw ArrayFileError(file.path, .numpy(.absurdShape)) }
        let found = file.count - header.byteCount
        guard let bytes = file.slice(at: header.byteCount, count: byteCount) else {
            throw ArrayFileError(file.path, .numpy(.truncated(expected: byteCount, found: found)))
        }
        guard found == byteCount else {
            throw ArrayFileError(file.path, .numpy(.trailingBytes(expected: byteCount, found: found)))
        }
        shape = header.shape
        values = Self.values(bytes, header: header, count: count)
    }

    private static func values(_ bytes: ByteView, header: NpyHeader, count: Int) -> Values {
        let shape = header.shape
        var strides = [1]
        for extent in shape.dropLast() { strides.append(strides[strides.count - 1] * extent) }
        // For one dimension, column-major order is row-major order.
        let isTransposed = header.isFortranOrder && shape.count > 1 && count > 0
        func gathered<Bits: FixedWidthInteger & BitwiseCopyable>(_ type: Bits.Type) -> [Bits] {
            StridedGather.gather(bytes, as: type, shape: shape, strides: strides)
        }
        switch header.type {
        case .float32 where isTransposed:
            return .float32(gathered(UInt32.self).map { Float(bitPattern: $0) })
        case .float32:
            return .float32(FloatConversion.floats(bytes, type: .float32, count: count))
        case .float64 where isTransposed:
            return .float64(gathered(UInt64.self).map { Double(bitPattern: $0) })
        case .float64:
            return .float64(FloatConversion.doubles(bytes, count: count))
        case .uint8:
            return .uint8(isTransposed ? gathered(UInt8.self) : bytes.array())
        }
    }

    /// Writes an `.npy` file with the same bytes as `numpy.save`. The output is not flushed.
    package func write(to output: FileWriter) throws(FileError) {
        switch values {
        case .float32(let values):
            try output.write(NpyHeader.encode(type: .float32, shape: shape))
            try output.write(values.span.bytes)
        case .float64(let values):
            try output.write(NpyHeader.encode(type: .float64, shape: shape))
            try output.write(values.span.bytes)
        case .uint8(let values):
            try output.write(NpyHeader.encode(type: .uint8, shape: shape))
            try output.write(values)
        }
    }
}
