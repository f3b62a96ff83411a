import ArrayFiles

/// Safetensors: the header, the tensors' places, the conversion to float32.
/// Only the reader's own error may come out, and every tensor that it tells of can be read.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let checkpoint = try? Checkpoint(bytes: bytes, path: "fuzz") else { return 0 }
    for tensor in checkpoint.tensors {
        guard let values = try? checkpoint.floats(named: tensor.name) else {
            preconditionFailure("a tensor that was told of cannot be read")
        }
        precondition(values.count == tensor.shape.reduce(1, *))
    }
    return 0
}
