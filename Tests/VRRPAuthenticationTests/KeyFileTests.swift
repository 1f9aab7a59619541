import Testing
import VRRPAuthentication

@Suite struct KeyFileTests {
    private func keys(_ text: String) throws -> [GivenKey] { try KeyFile.keys(in: Array(text.utf8), name: "keys") }

    private func parseError(_ text: String) -> KeyFile.ParseError? {
        do throws(KeyFile.ParseError) {
            _ = try KeyFile.keys(in: Array(text.utf8), name: "keys")
            return nil
        } catch {
            return error
        }
    }

    @Test func formsOfAKey() throws {
        let keys = try keys("# one a line\n\n  s3cret\ntext:two words # no comment\nhex:00ff\r\n#\nab#cd \n")
        #expect(
            keys.map(\.bytes) == [
                Array("s3cret".utf8), Array("two words # no comment".utf8), [0, 0xff], Array("ab#cd".utf8),
            ]
        )
        #expect(keys.map(\.label) == ["keys:3", "keys:4", "keys:5", "keys:7"])
    }

    @Test func bindings() throws {
        let keys = try keys("vrid=51 segment=vlan10 id=7 hex:01\nid=255\ttext:vrid=1\n")
        #expect(keys[0].vrid == 51 && keys[0].segment == "vlan10" && keys[0].keyID == 7 && keys[0].bytes == [1])
        #expect(keys[1].vrid == nil && keys[1].keyID == 255 && keys[1].bytes == Array("vrid=1".utf8))
    }

    @Test func aByteOrderMarkIsNoKey() throws {
        #expect(try KeyFile.keys(in: [0xef, 0xbb, 0xbf] + Array("k".utf8), name: "").map(\.bytes) == [[0x6b]])
    }

    @Test(
        "errors name the line and say nothing of the key",
        arguments: [
            ("ok\nhunter2 hunter3", 2), ("hex:hunter", 1), ("hex:abc", 1), ("hex:", 1), ("text:", 1),
            ("text:hunter2 ", 1),
            ("vrid=hunter2 x", 1), ("vrid=0 hunter2", 1), ("vrid=256 hunter2", 1), ("\n\nid= hunter2", 3),
            ("vrid=51", 1),
            ("segment= hunter2", 1), ("vrid=51 hunter2 id=2", 1),
        ]
    )
    func errors(text: String, line: Int) throws {
        let error = try #require(parseError(text))
        #expect(error.line == line)
        #expect(error.description.hasPrefix("keys:\(line): "))
        #expect(!error.description.contains("hunter"))
    }

    @Test func aFileWithoutKeysIsAnError() {
        #expect(parseError("# nothing\n")?.description == "keys: there is no key in this file")
        #expect(parseError("")?.line == nil)
    }

    @Test func boundsAreErrors() {
        #expect(parseError(String(repeating: "k\n", count: KeyFile.mostKeys + 1))?.line == KeyFile.mostKeys + 1)
        #expect(parseError("text:" + String(repeating: "k", count: GivenKey.mostBytes + 1))?.line == 1)
        #expect(parseError(String(repeating: "k", count: KeyFile.mostBytes + 1))?.reason.contains("larger") == true)
    }

    @Test("no prefix and no change of a byte traps")
    func hostile() {
        let text = Array("# c\nvrid=51 segment=vlan10 id=1 hex:0001\ntext:a b\nword\n".utf8)
        for length in text.indices { _ = try? KeyFile.keys(in: Array(text.prefix(length)), name: "") }
        for offset in text.indices {
            for value in UInt8.min...UInt8.max {
                var changed = text
                changed[offset] = value
                _ = try? KeyFile.keys(in: changed, name: "")
            }
        }
    }

    @Test func aKeyIsNotShownByPrintingIt() throws {
        let key = try keys("hunter2")[0]
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), String(reflecting: [key]), dumped, "\(KeyRing([key]))"] {
            #expect(!text.contains("hunter2") && !text.contains("104, 117"), "\(text)")
        }
    }
}
