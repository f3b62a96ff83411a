/// Builds safetensors files, honest ones and others.
enum SafetensorsBuilder {
    /// A file with this header as it is.
    static func file(header: String, data: [UInt8] = [], declared: UInt64? = nil) -> [UInt8] {
        little(declared ?? UInt64(header.utf8.count)) + Array(header.utf8) + data
    }

    static func file(_ tensors: KeyValuePairs<String, (String, [Int], Int, Int)>, data: [UInt8]) -> [UInt8] {
        let members = tensors.map { name, tensor in
            "\"\(name)\":{\"dtype\":\"\(tensor.0)\",\"shape\":[\(tensor.1.map(String.init).joined(separator: ","))],"
                + "\"data_offsets\":[\(tensor.2),\(tensor.3)]}"
        }
        return file(header: "{\(members.joined(separator: ","))}", data: data)
    }
}
