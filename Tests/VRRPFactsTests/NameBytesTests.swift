import Testing
import VRRPFacts

/// Names of files as text and back.
@Suite struct NameBytesTests {
    @Test func everyPairOfBytesComesBack() {
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                let bytes = [UInt8(ascii: "a"), first, second]
                let text = NameBytes.text(bytes)
                #expect(NameBytes.bytes(of: text) == bytes)
            }
        }
    }

    @Test("cut off and overlong characters, surrogates, and the characters that stand for bytes come back")
    func oddities() {
        let oddities: [[UInt8]] = [
            [], [0xf4, 0x8f, 0xba, 0x80], [0xf4, 0x8f, 0xbb, 0xbf], [0xf4, 0x8f, 0xba], [0xf4, 0x8f, 0xbc, 0x80],
            [0xf4, 0x90, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xc0, 0xaf], [0xe2, 0x82], [0xe2, 0x82, 0xac, 0xff],
            [0xff, 0xfe, 0x41, 0, 0x42],
        ]
        for bytes in oddities { #expect(NameBytes.bytes(of: NameBytes.text(bytes)) == bytes, "\(bytes)") }
    }

    @Test func whatIsUTF8StaysAsItIs() {
        for text in ["", "switch.pcap", "/tmp/Grüße/€ 😀.pcap", "a\u{fffd}b", "\u{10fdff}"] {
            #expect(NameBytes.text(Array(text.utf8)) == text)
            #expect(NameBytes.bytes(of: text) == Array(text.utf8))
        }
    }
}
