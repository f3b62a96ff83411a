import ArrayFiles

/// npz and npy, by their first bytes: the archive, inflation, the header's dictionary, the values.
@_cdecl("LLVMFuzzerTestOneInput")
package func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let array = try? NpyArray(bytes: bytes, path: "fuzz") { check(array) }
    guard let file = try? NpzFile(bytes: bytes, path: "fuzz") else { return 0 }
    for name in file.names.prefix(64) {
        if let array = try? file.array(named: name) { check(array) }
    }
    return 0
}

private func check(_ array: NpyArray) {
    precondition(array.floats.count == array.shape.reduce(1, *))
}
