/// The keywords of keepalived.conf by the blocks that they stand in, by which an unknown one is told.
enum KeepalivedKeywords {
    /// The releases that know a keyword.
    struct Releases: Hashable, Sendable {
        /// The first one, such as `2.2.8`, or `later` for one behind the latest release.
        var first: Substring
        /// The last one; `nil` where the latest release has it.
        var last: Substring?
    }

    /// The keywords of each block by the block's path, such as `vrrp_instance/authentication`; the path of the top is empty.
    ///
    /// A block without an entry holds words of the user's: addresses, names, routes.
    static let blocks: [String: [String: Releases]] = {
        var blocks: [String: [String: Releases]] = [:]
        var block = ""
        for line in table.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let first = words.first else { continue }
            if first.hasPrefix("["), first.hasSuffix("]") {
                block = String(first.dropFirst().dropLast())
                continue
            }
            let ends = first.split(separator: "-")
            let releases = Releases(first: ends[0], last: ends.count > 1 ? ends[1] : nil)
            for word in words.dropFirst() { blocks[block, default: [:]][String(word)] = releases }
        }
        // Both checkers of web servers have the same keywords (check/check_http.c).
        let servers = "virtual_server/real_server"
        for inner in ["", "/url"] { blocks["\(servers)/SSL_GET\(inner)"] = blocks["\(servers)/HTTP_GET\(inner)"] }
        return blocks
    }()

    /// The path of a block in a block.
    static func path(_ keyword: String, in block: String) -> String { block.isEmpty ? keyword : "\(block)/\(keyword)" }

    /// Whether a block's keywords are known.
    static func hasKeywords(_ block: String) -> Bool { blocks[block] != nil }

    static func isKnown(_ keyword: String, in block: String) -> Bool { blocks[block]?[keyword] != nil }

    /// Returns the remark to make about a word that is no keyword of its block, to stand behind a semicolon.
    ///
    /// - Returns: `did you mean 'nopreempt'?`, the block where the word belongs, or `nil`.
    static func remark(on word: String, in block: String) -> String? {
        guard word.utf8.count <= longest else { return nil }
        if let keyword = nearest(to: word, in: block) {
            let first = blocks[block]?[keyword]?.first ?? ""
            return "did you mean '\(keyword)'" + (isRecent(first) ? ", which keepalived knows from \(first) on?" : "?")
        }
        // The nearest home: a block within, a block around, or any other one.
        let homes = blocks.keys.filter { isKnown(word, in: $0) }.sorted { left, right in
            (distance(left, block), left) < (distance(right, block), right)
        }
        return homes.first.map { $0.isEmpty ? "it belongs to the top of the file" : "it belongs in '\(name(of: $0))'" }
    }

    /// The last word of a block's path.
    private static func name(of block: String) -> Substring { block.split(separator: "/").last ?? "" }

    /// The number of blocks to be left and entered on the way from one to another.
    private static func distance(_ a: String, _ b: String) -> Int {
        let (a, b) = (a.split(separator: "/"), b.split(separator: "/"))
        let common = zip(a, b).prefix { $0 == $1 }.count
        return a.count + b.count - 2 * common
    }

    /// Whether distributions that are still in use lack what began with a release: Debian 12 has 2.2.7.
    private static func isRecent(_ release: Substring) -> Bool {
        let numbers = release.split(separator: ".").compactMap { Int($0) }
        return numbers.count == 3 && [2, 2, 7].lexicographicallyPrecedes(numbers)
    }

    // MARK: Misspelt words

    /// No keyword is longer.
    private static let longest = 64

    /// The keyword of a block that a word was most likely meant to be; `nil` where none is near.
    static func nearest(to word: String, in block: String) -> String? {
        let plain = normalized(word)
        let allowed = min(3, plain.count / 4)
        guard let keywords = blocks[block], allowed > 0 else { return nil }
        let near = keywords.keys.compactMap { keyword -> (distance: Int, keyword: String)? in
            let other = normalized(keyword)
            guard abs(other.count - plain.count) <= allowed else { return nil }
            let distance = edits(from: plain, to: other)
            return distance <= allowed ? (distance, keyword) : nil
        }
        return near.min { ($0.distance, $0.keyword) < ($1.distance, $1.keyword) }?.keyword
    }

    /// The bytes of a word with hyphens as underscores and small letters, as people mix them up.
    private static func normalized(_ word: String) -> [UInt8] {
        word.lowercased().utf8.map { $0 == UInt8(ascii: "-") ? UInt8(ascii: "_") : $0 }
    }

    /// The number of letters to insert, to drop, to replace or to swap with their neighbour (optimal string alignment).
    private static func edits(from a: [UInt8], to b: [UInt8]) -> Int {
        var before: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var least = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, before[j - 1] + 1) }
                row.append(least)
            }
            (before, last) = (last, row)
        }
        return last[b.count]
    }
}
