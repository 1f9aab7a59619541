/// The language of a configuration, told from its lines before anything is read.
enum Language: Equatable {
    case keepalived
    case frr
    /// Another vendor's, by its name.
    case foreign(String)
    /// Nothing that is known.
    case unknown

    /// The number of lines that are looked at; every language shows itself long before.
    private static let mostLines = 100_000

    /// Tells the language of a text; one without any statement is keepalived's.
    init(of text: String) {
        var isFRR = false
        var isMisspelt = false
        var foreign: Int?
        var statements = 0
        var known = 0
        for line in text.split(whereSeparator: { $0 == "\n" || $0 == "\r\n" }).prefix(Self.mostLines) {
            let words = line.split { $0.isKeepalivedBlank }
            guard let first = words.first, !first.hasPrefix("!"), !first.hasPrefix("#") else { continue }
            if Self.isKeepalived(words) {
                self = .keepalived
                return
            }
            if Self.mayBeKeepalived(words) { isMisspelt = true }
            let sign = ForeignSign.all.firstIndex { $0.fits(words) }
            if let sign { foreign = min(foreign ?? sign, sign) }
            if sign == nil, Self.isFRR(words) { isFRR = true }
            if Self.isOnlyFRR(words) {
                self = .frr
                return
            }
            statements += 1
            if Self.isKnownSomewhere(first) { known += 1 }
        }
        if let foreign {
            self = .foreign(ForeignSign.all[foreign].vendor)
        } else if isMisspelt {
            self = .keepalived
        } else if isFRR {
            self = .frr
        } else {
            // A part that another file includes has keepalived's words and none of the top.
            self = known * 2 >= statements ? .keepalived : .unknown
        }
    }

    /// Whether a line begins a block of keepalived's, includes a file, or is one of its definitions and conditions.
    private static func isKeepalived(_ words: [Substring]) -> Bool {
        let first = words[0]
        if first.hasPrefix("$") || first.hasPrefix("~") || first.hasPrefix("@") { return true }
        if KeepalivedLines.includes.contains(String(first)), words.count == 2 { return true }
        let keyword = String(first.prefix { $0 != "{" })
        if KeepalivedKeywords.isKnown(keyword, in: "") {
            return !Self.sharedWords.contains(keyword) || words.last?.hasSuffix("{") == true
        }
        return false
    }

    /// Whether a line may begin a block of keepalived's with a misspelt name, which still shows what the file was meant to be.
    ///
    /// Other languages have blocks of similar names, such as `interfaces`.
    private static func mayBeKeepalived(_ words: [Substring]) -> Bool {
        let keyword = String(words[0].prefix { $0 != "{" })
        if keyword.hasPrefix("vrrp_") { return true }
        return words.last == "{" && KeepalivedKeywords.nearest(to: keyword, in: "") != nil
    }

    /// Keywords of the top of keepalived.conf that are words of other languages as well.
    private static let sharedWords: Set = ["SSL", "instance", "track_file", "track_group"]

    private static func isKnownSomewhere(_ word: Substring) -> Bool {
        let word = String(word)
        return word == "}" || word == "{" || KeepalivedKeywords.blocks.values.contains { $0[word] != nil }
    }

    /// Whether a line is a command that FRR has (FRR, vrrpd/vrrp_vty.c), as others may.
    private static func isFRR(_ words: [Substring]) -> Bool {
        guard words[0] == "vrrp", words.count > 1 else { return isOnlyFRR(words) }
        return UInt8(words[1]) != nil || words[1] == "default"
    }

    /// Whether a line is a command of FRR alone.
    private static func isOnlyFRR(_ words: [Substring]) -> Bool {
        guard words.count > 1 else { return false }
        switch words[0] {
        case "frr": return words[1] == "version" || words[1] == "defaults"
        case "vrrp":
            if words[1] == "autoconfigure" || words[1] == "default" { return true }
            return words.count > 2 && ["advertisement-interval", "checksum-with-ipv4-pseudoheader"].contains(words[2])
        default: return false
        }
    }
}
