import Glibc
import Tensors

/// A view of features in panels: 16 channels of every pixel are contiguous, panel after panel. Depthwise convolutions
/// and products over pixels thus read memory in order, for any number of channels.
///
/// With a border of one pixel, a 3×3 neighbourhood needs no special cases; `zeroBorder` turns the border into a
/// convolution's padding.
package struct PixelPanels: @unchecked Sendable {
    // Unchecked because a view does not own its memory, and concurrent tasks write disjoint panels or rows.

    package let base: UnsafeMutablePointer<Float>
    package let height: Int
    package let width: Int
    /// The number of border pixels on each side: 0 or 1.
    package let border: Int

    package init(_ run: FloatRun, height: Int, width: Int, border: Int) {
        base = run.base
        self.height = height
        self.width = width
        self.border = border
    }

    /// Returns the number of floats in some panels.
    package static func count(panels: Int, height: Int, width: Int, border: Int) -> Int {
        panels * (height + 2 * border) * (width + 2 * border) * FeatureMap.lane
    }

    package var rowStride: Int { (width + 2 * border) * FeatureMap.lane }
    package var panelStride: Int { (height + 2 * border) * rowStride }
    package var pixelCount: Int { height * width }

    /// Returns the view that begins at another panel.
    package func from(panel: Int) -> PixelPanels {
        PixelPanels(
            FloatRun(base + panel * panelStride), height: height, width: width, border: border)
    }

    /// Returns pixel (y, 0) of a panel; y may be in the border.
    @inline(__always)
    func row(_ panel: Int, _ y: Int) -> UnsafeMutablePointer<Float> {
        base + panel * panelStride + (y + border) * rowStride + border * FeatureMap.lane
    }

    /// Returns pixel (y, −1) of a panel with a border.
    @inline(__always)
    func borderedRow(_ panel: Int, _ y: Int) -> UnsafePointer<Float> {
        UnsafePointer(base + panel * panelStride + (y + border) * rowStride)
    }

    /// Zeroes the border of some panels.
    package func zeroBorder(panels: Range<Int>) {
        let lane = FeatureMap.lane
        for panel in panels {
            let start = base + panel * panelStride
            memset(start, 0, rowStride * 4)
            memset(start + (height + 1) * rowStride, 0, rowStride * 4)
            for y in 1..<height + 1 {
                memset(start + y * rowStride, 0, lane * 4)
                memset(start + (y + 1) * rowStride - lane, 0, lane * 4)
            }
        }
    }
}
