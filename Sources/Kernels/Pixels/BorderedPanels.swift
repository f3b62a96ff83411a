import Glibc
import Products
import Tensors

/// Panels with a zero border, which depthwise convolutions read some rows at a time.
enum BorderedPanels: Sendable {
    case floats(PixelPanels)
    case rounded(RoundedPanels)

    var height: Int {
        switch self {
        case .floats(let panels): panels.height
        case .rounded(let panels): panels.height
        }
    }

    var width: Int {
        switch self {
        case .floats(let panels): panels.width
        case .rounded(let panels): panels.width
        }
    }

    /// A panel's rows from its top down. Until the window of another panel is asked for, it uses memory of the thread.
    func window(_ panel: Int) -> Window { Window(self, panel) }

    struct Window {
        private let panels: BorderedPanels
        private let panel: Int
        /// Four rows of floats.
        private let memory: UnsafeMutablePointer<Float>
        /// The next row to be made floats.
        private var next = -1

        fileprivate init(_ panels: BorderedPanels, _ panel: Int) {
            self.panels = panels
            self.panel = panel
            switch panels {
            case .floats(let panels): memory = panels.base
            case .rounded(let panels): memory = MixedProduct.memory(.window, count: 8 * panels.rowStride)
            }
        }

        /// Returns four rows with their borders. Those below the bottom border are not to be read. `first` must not be less
        /// than in the call before.
        @inline(__always)
        mutating func rows(from first: Int) -> FourRows {
            switch panels {
            case .floats(let panels):
                let row = panels.borderedRow(panel, first)
                return FourRows(
                    row, row + panels.rowStride, row + 2 * panels.rowStride, row + 3 * panels.rowStride)
            case .rounded(let panels):
                let count = 2 * panels.rowStride
                while next <= min(first + 3, panels.height) {
                    BFloat16.build.widen(
                        panels.borderedRow(panel, next), count: count, into: memory + (next & 3) * count)
                    next += 1
                }
                func row(_ y: Int) -> UnsafePointer<Float> { UnsafePointer(memory) + (y & 3) * count }
                return FourRows(row(first), row(first + 1), row(first + 2), row(first + 3))
            }
        }
    }
}

/// A view of panels with a border of one pixel in bfloat16, with two neighbouring channels in a word.
struct RoundedPanels: @unchecked Sendable {
    // Unchecked because a view does not own its memory, and concurrent tasks write disjoint panels.

    private let base: UnsafeMutablePointer<Float>
    let height: Int
    let width: Int

    init(_ run: FloatRun, height: Int, width: Int) {
        base = run.base
        self.height = height
        self.width = width
    }

    /// Returns the view that begins at another panel.
    func from(panel: Int) -> RoundedPanels {
        RoundedPanels(FloatRun(base + panel * panelStride), height: height, width: width)
    }

    /// The words of a row with its border.
    var rowStride: Int { (width + 2) * FeatureMap.lane / 2 }
    private var panelStride: Int { (height + 2) * rowStride }

    /// Returns pixel (y, −1) of a panel.
    func borderedRow(_ panel: Int, _ y: Int) -> UnsafeMutablePointer<Float> {
        base + panel * panelStride + (y + 1) * rowStride
    }

    /// Rounds rows of panels of floats with a border.
    func store(_ source: PixelPanels, panels: Range<Int>, rows: Range<Int>) {
        for panel in panels {
            BFloat16.build.round(
                source.borderedRow(panel, rows.lowerBound), count: rows.count * source.rowStride,
                into: borderedRow(panel, rows.lowerBound))
        }
    }

    /// Zeroes the rows above and below some panels.
    func zeroEdges(panels: Range<Int>) {
        for panel in panels {
            memset(borderedRow(panel, -1), 0, rowStride * 4)
            memset(borderedRow(panel, height), 0, rowStride * 4)
        }
    }
}
