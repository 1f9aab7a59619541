import Testing
import VRRPFacts
import VRRPTestSupport

/// Checks that the origins of many frames come back as they were put in.
@Suite struct FrameOriginsTests {
    @Test("each frame has its origin, and no other number has one", arguments: 1...8)
    func origins(seed: Int) {
        var generator = SplitMix64(seed: UInt64(seed))
        var origins = FrameOrigins()
        origins.files = ["a", "b", "c"]
        var expected: [Int: FrameOrigin] = [:]
        var number = 0
        for _ in 0..<2000 {
            number += Int(generator.next() % 3) + 1
            let origin = FrameOrigin(file: Int(generator.next() % 3), frame: Int(generator.next() % (1 << 40)) + 1)
            origins.append(origin, of: number)
            expected[number] = origin
        }
        for candidate in 0...number + 1 {
            let found = origins.origin(of: candidate)
            #expect(found?.file == expected[candidate].map { origins.files[$0.file] })
            #expect(found?.frame == expected[candidate]?.frame)
        }
    }

    @Test func numbersThatGoBackAreLeftOut() {
        var origins = FrameOrigins()
        origins.files = ["a"]
        #expect(origins.isEmpty && origins.origin(of: 1) == nil)
        origins.append(FrameOrigin(file: 0, frame: 9), of: 5)
        origins.append(FrameOrigin(file: 0, frame: 1), of: 5)
        origins.append(FrameOrigin(file: 7, frame: 1), of: 6)
        #expect(origins.origin(of: 5)?.frame == 9)
        #expect(origins.origin(of: 6) == nil)
    }
}
