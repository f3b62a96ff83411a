import Dispatch
import Images
import ProcessLimits
import PromptIR
import Restoration
import RestorationTestSupport
import Synchronization
import TestSupport
import Testing

/// Memory is there before a picture is read.
@Suite("Admission of pictures")
struct AdmissionTests {
    private func restore(_ source: PictureSource, with restorer: Restorer) throws -> RestoredPicture {
        try restorer.restore(source, session: ForwardSession(network: restorer.network, threadCount: 1)) {
            #expect(restorer.budget.reserved > $0.bytes.count)
            return $0
        }
    }

    /// A file of which only the first bytes may be read.
    private func unread(_ head: [UInt8], byteCount: Int) -> PictureSource {
        PictureSource(byteCount: byteCount) { offset, count in
            #expect(offset + count <= 8192)
            return Array((head + [UInt8](repeating: 0, count: 8192))[offset..<offset + count])
        } whole: {
            Issue.record("the whole file was read")
            return head
        }
    }

    @Test("what is no picture, too large a file or too large a picture is refused by its head")
    func refusedUnread() throws {
        let restorer = try TestModel.restorer(RestorationOptions(memoryLimit: 1 << 30))
        let nothing = #expect(throws: RestorationError.self) {
            try restore(unread([], byteCount: 1000 << 20), with: restorer)
        }
        #expect(nothing?.code == "decode")
        let small = try TestPictures.file()
        let file = #expect(throws: RestorationError.self) {
            try restore(unread(small, byteCount: 1000 << 20), with: restorer)
        }
        #expect(file?.code == "too-large" && file?.reason.contains("max-file-size") == true)
        // 10,000 by 10,000 pixels.
        var large = small
        large.replaceSubrange(16..<24, with: [0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10])
        let picture = #expect(throws: RestorationError.self) {
            try restore(unread(large, byteCount: 24_000), with: restorer)
        }
        guard case .tooLarge(let needed, budget: 1 << 30) = picture else {
            Issue.record("\(String(describing: picture))")
            return
        }
        #expect(needed > 2 << 30 && picture?.code == "too-large")
        #expect(
            picture?.reason.contains("\(needed >> 20) MB") == true
                && picture?.reason.contains("1024 MB") == true)
        #expect(restorer.budget.reserved == 0)
    }

    @Test("the file's bytes are part of what is reserved")
    func fileCounts() throws {
        let budget = MemoryBudget(byteCount: 1 << 30)
        let restorer = Restorer(
            network: try TestModel.network.get(), options: RestorationOptions(memoryLimit: 1 << 30),
            budget: budget)
        let bytes = try TestPictures.file(format: .jpeg)
        let reserved = Mutex<[Int]>([])
        for byteCount in [bytes.count, bytes.count + (10 << 20)] {
            let source = PictureSource(byteCount: byteCount) { offset, count in
                Array(bytes[offset..<min(offset + count, bytes.count)])
            } whole: {
                reserved.withLock { $0.append(budget.reserved) }
                return bytes
            }
            _ = try restore(source, with: restorer)
        }
        let (first, second) = reserved.withLock { ($0[0], $0[1]) }
        #expect(second - first >= 10 << 20)
    }

    @Test("want of memory is tried again, and then told as what it is")
    func shortage() throws {
        let file = try TestPictures.file()
        let asked = Mutex<[Int]>([])
        func restorer(refusals: Int) throws -> Restorer {
            Restorer(network: try TestModel.network.get(), options: RestorationOptions(memoryLimit: 1 << 30))
            { byteCount in
                asked.withLock {
                    $0.append(byteCount)
                    return $0.count > refusals
                }
            }
        }
        _ = try restore(PictureSource(file), with: restorer(refusals: 2))
        #expect(asked.withLock { $0.count } == 3)
        asked.withLock { $0 = [] }
        let error = #expect(throws: RestorationError.self) {
            try restore(PictureSource(file), with: restorer(refusals: 100))
        }
        #expect(error?.isShortage == true && error?.reason.contains("memory is short") == true)
        #expect(asked.withLock { $0.count } == 3)
    }

    @Test("the system is asked for more than it has")
    func system() {
        #expect(Restorer.systemGives(64 << 20))
        // More than 47 bits of addresses.
        #expect(!Restorer.systemGives(1 << 48))
    }

    @Test("a failure to read comes through")
    func unreadable() throws {
        struct Broken: Error {}
        let restorer = try TestModel.restorer()
        let error = #expect(throws: RestorationError.self) {
            try restore(
                PictureSource(byteCount: 5, part: { _, _ in throw Broken() }, whole: { [] }), with: restorer)
        }
        guard case .read(let failure) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(failure.cause is Broken)
    }
}
