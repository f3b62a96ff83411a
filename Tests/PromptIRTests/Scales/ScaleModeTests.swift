import PromptIR
import Testing

@Suite("Scale mode")
struct ScaleModeTests {
    @Test("parses what it prints")
    func parsing() {
        let modes: [ScaleMode] = [
            .auto, .factors([1]), .factors([1, 2]), .factors([1, 4]), .factors([1, 2, 4, 8]),
        ]
        for mode in modes {
            #expect(ScaleMode(mode.description) == mode)
        }
        #expect(ScaleMode("1,2,4") == .factors([1, 2, 4]))
    }

    @Test(
        "refuses the rest",
        arguments: [
            "", "0", "2", "3", "16", "1,1", "1,3", "2,4", "2,1", "1,4,2", "1,16", "1,", ",1", "1, 2", "+1",
            "01",
            "1,2,4,8,16", "Auto", "off", "1.0", "-1", "99999999999999999999",
        ])
    func refusing(text: String) {
        #expect(ScaleMode(text) == nil)
    }

    @Test("scales whose smaller side would be below 64 pixels are left out")
    func smallPictures() {
        func factors(_ mode: ScaleMode, _ height: Int, _ width: Int) -> [Int] {
            mode.pyramid(height: height, width: width).factors
        }
        let all = ScaleMode.factors([1, 2, 4, 8])
        #expect(factors(all, 1, 1) == [1])
        #expect(factors(all, 126, 5000) == [1])
        // Halves are rounded up.
        #expect(factors(all, 5000, 127) == [1, 2])
        #expect(factors(all, 128, 252) == [1, 2])
        #expect(factors(all, 253, 256) == [1, 2, 4])
        #expect(factors(all, 505, 505) == [1, 2, 4, 8])
        #expect(factors(.factors([1, 4]), 200, 200) == [1])
        #expect(factors(.auto, 100, 100) == [1])
        // One coarse scale alone has nothing to be compared with.
        #expect(factors(.auto, 500, 4000) == [1])
        #expect(factors(.auto, 512, 4000) == [1, 2, 4])
        #expect(factors(.auto, 1024, 1024) == [1, 2, 4, 8])
    }
}
