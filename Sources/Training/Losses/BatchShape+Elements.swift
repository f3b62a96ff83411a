extension BatchShape {
    /// Floats of a batch of colour pictures: (N, 3, H, W).
    package var elementCount: Int { 3 * count * height * width }
}
