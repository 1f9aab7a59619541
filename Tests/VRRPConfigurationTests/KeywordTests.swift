import Testing
import VRRPFindings
import VRRPTestSupport

@testable import VRRPConfiguration

@Suite struct KeywordTests {
    /// The blocks with keywords, in order.
    static let blocks = KeepalivedKeywords.blocks.keys.sorted()

    /// A word that is no keyword anywhere.
    private static let stranger = "frobnicate"

    @Test("every keyword of a block is known where it stands, and a stranger among them is not", arguments: blocks)
    func known(in block: String) throws {
        let words = try #require(KeepalivedKeywords.blocks[block]).sorted { $0.key < $1.key }
        let path = block.split(separator: "/").map(String.init)
        var lines = path.map { "\($0) x {" }
        // Inner blocks stay empty, because words alone are wanted.
        lines += words.map { word, _ in
            KeepalivedKeywords.hasKeywords(KeepalivedKeywords.path(word, in: block)) ? "\(word) x {}" : word
        }
        lines += [Self.stranger] + path.map { _ in "}" }
        let router = try ConfigurationReader.read("a", from: ConfigurationTexts(["a": lines.joined(separator: "\n")]))
        let told = router.problems.filter { $0.kind == .keyword }
        let old = words.filter { $0.value.last != nil }.map(\.key)
        let isSecret = ["authentication", "auth_hmac"].contains(path.last)
        #expect(told.count == old.count + 1, "\(told.map(\.message))")
        for word in old { #expect(told.contains { $0.message.contains("'\(word)'") }) }
        let stranger = told.contains { $0.message.contains(isSecret || block.isEmpty ? "keyword" : Self.stranger) }
        #expect(stranger, "\(told.map(\.message))")
    }

    @Test("releases are releases, in order")
    func releases() {
        for (block, words) in KeepalivedKeywords.blocks {
            for (word, releases) in words where releases.first != "later" {
                let first = releases.first.split(separator: ".").compactMap { Int($0) }
                #expect(first.count == 3, "\(block) \(word)")
                #expect(!first.lexicographicallyPrecedes([1, 1, 0]), "\(block) \(word)")
                #expect(![2, 4, 3].lexicographicallyPrecedes(first), "\(block) \(word)")
                guard let last = releases.last?.split(separator: ".").compactMap({ Int($0) }) else { continue }
                #expect(first.lexicographicallyPrecedes(last), "\(block) \(word)")
            }
        }
    }

    @Test("what is read is known")
    func readWordsAreKnown() {
        let read = [
            "vrrp_instance": KeepalivedReader.wordsOfInstances,
            "vrrp_instance/auth_hmac": ["key", "active_key", "time_window", "anti_replay", "mode"],
            "vrrp_instance/authentication": ["auth_type", "auth_pass"],
        ]
        for (block, words) in read {
            for word in words { #expect(KeepalivedKeywords.isKnown(word, in: block), "\(block) \(word)") }
        }
    }

    @Test("two neighbouring letters swapped lead back to the keyword, or to one as near", arguments: blocks)
    func swapped(in block: String) throws {
        for word in try #require(KeepalivedKeywords.blocks[block]).keys where word.utf8.count >= 6 {
            let letters = Array(word)
            for index in 0..<(letters.count - 1) where letters[index] != letters[index + 1] {
                var wrong = letters
                wrong.swapAt(index, index + 1)
                guard !KeepalivedKeywords.isKnown(String(wrong), in: block) else { continue }
                let found = KeepalivedKeywords.nearest(to: String(wrong), in: block)
                #expect(found != nil, "\(String(wrong))")
            }
            #expect(KeepalivedKeywords.nearest(to: word, in: block) == word)
        }
    }
}
