/// The operands of one panel product, `out[r][j] = Σ_k a[r][k] · w[k][j] + addend[r][j]`, for `rows` rows and
/// `panelCount` panels of 16 columns. All strides count floats.
///
/// - `a`: value (r, k) is at `r · rowStride + k · stepStride`. With `rowStride` 1 and `stepStride` 16, a
///   panel of activations is read as its own transpose, so the same kernel computes q kᵀ. If the values of a
///   row are in several places, there are `segmentCount` runs of `depth` values, `segmentStride` apart.
/// - `weights`: panel p begins at `p · weightPanelStride`. In it, (k, j) is at `k · weightStepStride + j`,
///   where k continues through the segments.
/// - `out`: (r, j) of panel p is at `r · outStride + p · outPanelStride + j`. It may be the addend, at the
///   same place, but must not overlap `a` or `weights`.
/// - `addend`: is laid out like `out`; row stride 0 adds the same row (a bias) everywhere.
///
/// - `targetForm`: whether `out` and `addend` hold floats or bfloat16, whose strides count words of two values; a panel
///   has eight words then. The products in float32 know floats only.
/// - `scales`: used by the products in int8 only.
///
/// Each sum runs over k in ascending order with one fused multiply-add per term, and the addend comes last,
/// in every tile shape and on every processor. Results therefore do not depend on how rows are divided into
/// calls. (On the matrix unit, sums of bfloat16 begin with an addend of floats.)
package struct ProductOperands {
    package var rows: Int
    package var depth: Int
    package var segmentCount: Int
    package var segmentStride: Int
    package var panelCount: Int
    package var a: UnsafePointer<Float>
    package let rowOffsets: RowOffsets
    package var rowStride: Int { rowOffsets.one }
    package var stepStride: Int
    package var weights: UnsafePointer<Float>
    package var weightPanelStride: Int
    package var weightStepStride: Int
    package var out: UnsafeMutablePointer<Float>
    package var outStride: Int
    package var outPanelStride: Int
    package var addend: UnsafePointer<Float>
    package var addendStride: Int
    package var addendPanelStride: Int
    package var targetForm: TargetForm
    package var scales: ProductScales

    @inline(__always)
    package init(
        rows: Int, depth: Int, segmentCount: Int = 1, segmentStride: Int = 0, panelCount: Int,
        a: UnsafePointer<Float>, rowStride: Int, stepStride: Int = 1,
        weights: UnsafePointer<Float>, weightPanelStride: Int, weightStepStride: Int = 16,
        out: UnsafeMutablePointer<Float>, outStride: Int, outPanelStride: Int,
        addend: UnsafePointer<Float>, addendStride: Int, addendPanelStride: Int,
        targetForm: TargetForm = .floats, scales: ProductScales? = nil
    ) {
        self.rows = rows
        self.depth = depth
        self.segmentCount = segmentCount
        self.segmentStride = segmentStride
        self.panelCount = panelCount
        self.a = a
        rowOffsets = RowOffsets(rowStride)
        self.stepStride = stepStride
        self.weights = weights
        self.weightPanelStride = weightPanelStride
        self.weightStepStride = weightStepStride
        self.out = out
        self.outStride = outStride
        self.outPanelStride = outPanelStride
        self.addend = addend
        self.addendStride = addendStride
        self.addendPanelStride = addendPanelStride
        self.targetForm = targetForm
        // A pointer that nothing reads.
        self.scales = scales ?? ProductScales(rows: addend, columns: addend)
    }

    /// Leaves out the first `count` rows.
    @inline(__always)
    package mutating func skipRows(_ count: Int) {
        rows -= count
        a += count * rowStride
        out += count * outStride
        addend += count * addendStride
        scales.rows += count
    }

    /// Leaves out the first `count` panels.
    @inline(__always)
    package mutating func skipPanels(_ count: Int) {
        panelCount -= count
        weights += count * weightPanelStride
        out += count * outPanelStride
        addend += count * addendPanelStride
        scales.columns += count * ProductScales.panelStride
    }
}

/// The offsets of a group's rows from the first. The product's loops read them from memory: if they see that one is a
/// multiple of the other, the optimiser adds them up row by row, and every load waits for the sum before it (Swift 6.3).
package struct RowOffsets {
    package let one: Int
    package let two: Int
    package let three: Int

    @inline(__always)
    package init(_ stride: Int) {
        one = stride
        two = 2 * stride
        three = 3 * stride
    }
}

/// What is done with the sums of a product in int8: `(sum − offset of column j) · scale of row r · scale of column j`.
package struct ProductScales {
    /// Words from the columns of a panel to those of the next one.
    package static let panelStride = 32

    /// The scale of each row.
    package var rows: UnsafePointer<Float>
    /// The 16 scales of a panel, then its 16 offsets, which are integers.
    package var columns: UnsafePointer<Float>

    @inline(__always)
    package init(rows: UnsafePointer<Float>, columns: UnsafePointer<Float>) {
        self.rows = rows
        self.columns = columns
    }
}

/// The types of a product's results and of what is added to them.
package enum TargetForm: Sendable {
    case floats
    /// The results are rounded to bfloat16; the addend is floats.
    case rounded
    /// Both are bfloat16.
    case roundedBoth
}
