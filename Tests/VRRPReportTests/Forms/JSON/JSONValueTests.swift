import Foundation
import Testing
import VRRPFacts
import VRRPReport
import VRRPWire

@Suite struct JSONValueTests {
    private static let document = JSONValue.object([
        ("z", .array([.integer(1), .integer(.min), .integer(.max), .boolean(true), .boolean(false), .null])),
        ("a", .object([("empty object", .object([])), ("empty array", .array([]))])),
        ("span", .milliseconds(TimeSpan(nanoseconds: 3_648_437_500))),
        ("text", .string("\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}\u{85}\u{2028}\u{2029}\u{202e}é漢😀")),
    ])

    private func parsed(_ text: String) throws -> NSDictionary {
        try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSDictionary)
    }

    @Test func bothFormsMeanTheSame() throws {
        let pretty = try parsed(Self.document.prettyText)
        #expect(try parsed(Self.document.compactText) == pretty)
        #expect((pretty["text"] as? String)?.unicodeScalars.count == 18)
        #expect(pretty["text"] as? String == "\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}\u{85}\u{2028}\u{2029}\u{202e}é漢😀")
        #expect(pretty["span"] as? Double == 3648.4375)
        let numbers = try #require(pretty["z"] as? [Any])
        #expect(numbers[1] as? Int64 == .min)
        #expect(numbers[2] as? Int64 == .max)
        #expect(numbers[5] is NSNull)
    }

    @Test("every character comes back, but those that stand for bytes of names")
    func everyScalarComesBack() throws {
        for start in stride(from: UInt32(0), to: 0x11_0000, by: 0x800) {
            let scalars = (start..<start + 0x800).compactMap(Unicode.Scalar.init).filter {
                NameBytes.byte(of: $0) == nil
            }
            var text = ""
            text.unicodeScalars.append(contentsOf: scalars)
            let back = try parsed(JSONValue.object([("t", .string(text))]).compactText)["t"] as? String
            #expect(back.map { Array($0.unicodeScalars) } == scalars)
        }
    }

    @Test func aByteOfANameIsToldByItsNumber() throws {
        let name = NameBytes.text([0x61, 0xff, 0xc3])
        #expect(JSONValue.object([("t", .string(name))]).compactText == #"{"t":"a\\xff\\xc3"}"#)
        #expect(name.escapedForTerminal == #"a\xff\xc3"#)
    }

    @Test func nothingThatATerminalActsOnIsLeft() {
        let text = Self.document.compactText
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) })
        #expect(!text.contains("\u{202e}"))
    }

    @Test func layout() {
        #expect(
            Self.document.compactText.hasPrefix(
                #"{"z":[1,-9223372036854775808,9223372036854775807,true,false,null],"a":{"#
            )
        )
        let value = JSONValue.object([("a", .array([.integer(1), .object([])])), ("b", .array([]))])
        #expect(
            value.prettyText == """
                {
                  "a": [
                    1,
                    {}
                  ],
                  "b": []
                }

                """
        )
    }
}

@Suite struct TextEscapingTests {
    @Test(arguments: [
        ("switch.pcap", "switch.pcap"),
        ("a\u{1b}[31mb", #"a\x1b[31mb"#),
        ("line\nbreak\tand\u{0}", #"line\x0abreak\x09and\x00"#),
        ("\u{7f}\u{9b}", #"\x7f\x9b"#),
        ("\u{202e}gnp.\u{2066}", #"\u{202e}gnp.\u{2066}"#),
        (#"back\slash"#, #"back\\slash"#),
        ("é漢😀", "é漢😀"),
    ])
    func escaped(text: String, expected: String) {
        #expect(text.escapedForTerminal == expected)
    }
}
