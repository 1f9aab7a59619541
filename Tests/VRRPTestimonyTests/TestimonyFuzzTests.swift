import Testing
import VRRPTestSupport
import VRRPTestimony
import VRRPWire

/// Noise from seeds: no text traps, none takes memory that grows with it, and pieces read as the whole.
@Suite struct TestimonyFuzzTests {
    private static let pieces: [[UInt8]] = [
        "Nov 22 11:04:36 r1 Keepalived_vrrp[2]: (VI_1) Entering MASTER STATE\n", "(", ")", "[", "{\"", "\":", "}", "]",
        "\n",
        "Feb 29 23:59:60 ", "1795345479.728129 ", "2026-13-99T99:99:99Z ", "__CURSOR=s\n", "MESSAGE\n",
        "\0\0\0\0\0\0\0\0",
        "[VRID 999] ", "VRRP_Instance(", " -> Master", "\\ud800", "9999999999999999999", "<30>1 ", "+99:99", ".",
    ].map { Array($0.utf8) }

    private static func noise(_ random: inout SplitMix64) -> [UInt8] {
        (0..<Int.random(in: 0...60, using: &random)).flatMap { _ in
            Bool.random(using: &random)
                ? pieces[Int.random(in: 0..<pieces.count, using: &random)]
                : (0..<Int.random(in: 0...6, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        }
    }

    @Test func noiseIsReadAlikeInPieces() {
        var random = SplitMix64(seed: 27)
        for _ in 0..<3000 {
            let bytes = Self.noise(&random)
            var whole = TestimonyReader()
            whole.take(bytes[...])
            var parts = TestimonyReader()
            var place = 0
            while place < bytes.count {
                let end = min(bytes.count, place + Int.random(in: 1...9, using: &random))
                parts.take(bytes[place..<end])
                place = end
            }
            let testimonies = whole.finish()
            #expect(parts.finish() == testimonies)
            for statement in testimonies.flatMap(\.statements) {
                _ = statement.stamp?.instant(near: CaptureInstant(nanoseconds: 0)) { _ in .seconds(3600) }
            }
        }
    }

    @Test func aLongLogKeepsWhatMattersMost() {
        var reader = TestimonyReader()
        let stamp = "Nov 22 11:04:36 r1 Keepalived_vrrp[2]: "
        let complaint = Array("\(stamp)(VI_1) received an invalid passwd from 10.0.0.2!\n".utf8)
        let state = Array("\(stamp)(VI_1) Entering MASTER STATE\n".utf8)
        for _ in 0..<Testimony.mostStatements + 7 { reader.take(complaint[...]) }
        reader.take(state[...])
        let testimony = reader.finish()[0]
        #expect(testimony.statements.count == Testimony.mostStatements + 1)
        #expect(testimony.leftOut == 7)
        #expect(testimony.statements.last?.kind == .master)
    }

    @Test func aLineWithoutEndIsCut() {
        var reader = TestimonyReader()
        reader.take(Array("Nov 22 11:04:36 r1 Keepalived_vrrp[2]: (VI_1) Entering MASTER STATE ".utf8)[...])
        let piece = [UInt8](repeating: 0x78, count: 1 << 16)
        for _ in 0..<100 { reader.take(piece[...]) }
        let testimony = reader.finish()[0]
        #expect(testimony.statements.map(\.kind) == [.master])
        #expect(testimony.statements[0].text.utf8.count < 5000)
    }
}
