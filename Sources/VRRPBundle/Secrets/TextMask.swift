/// Puts stand-ins in the place of secrets in configurations, logs and lists of rules.
///
/// A line is taken for one with a secret rather once too often: a word that introduces secrets hides what follows. Secrets that
/// configurations showed are hidden wherever else they stand.
package struct TextMask {
    /// The word in the place of a secret that is no VRRP password.
    package static let hidden = "hidden"
    /// Shorter words would be found in texts that have nothing to do with them.
    private static let shortest = 4
    private static let mostSecrets = 1000

    /// The keywords whose one argument is a password of VRRP.
    private static let passwords: Set = ["auth_pass"]
    /// The keywords behind which everything on the line may be secret, in keepalived's and in FRR's language.
    private static let keywords: Set = [
        "password", "passwd", "passphrase", "secret", "key-string", "authentication-key", "message-digest-key",
        "area-password", "domain-password", "psk",
    ]
    /// The same where the word before says which secret it is.
    private static let pairs: [String: String] = ["string": "authentication", "community": "snmp-server"]
    /// Words between such a keyword and its secret: FRR's ways to write it.
    private static let between: Set = ["encrypted", "clear", "md5"]

    /// The secrets found.
    private var secrets: Set<String> = []
    /// The names of definitions that hold secrets.
    private var definitions: Set<Substring> = []
    /// Whether something was replaced.
    package private(set) var hasMasked = false

    package init() {}

    // MARK: Configurations

    /// Notes the definitions that passwords are taken from; to be asked of all texts before any is masked.
    package mutating func learn(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let words = Self.words(of: line)
            for (word, next) in zip(words, words.dropFirst()) where Self.passwords.contains(String(word)) {
                if let name = Self.definition(in: next) { definitions.insert(name) }
            }
        }
    }

    /// Returns a configuration without its secrets.
    package mutating func configuration(_ text: String, _ mask: inout SecretMask) -> String {
        var isInHMAC = false
        return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
            if line.contains("auth_hmac") { isInHMAC = true } else if line.contains("}") { isInHMAC = false }
            return self.line(line, isInHMAC: isInHMAC, &mask)
        }.joined(separator: "\n")
    }

    private mutating func line(_ line: Substring, isInHMAC: Bool, _ mask: inout SecretMask) -> String {
        let words = Self.words(of: line)
        if let definition = masked(definition: line, words, &mask) { return definition }
        for (index, word) in words.enumerated() where index + 1 < words.count {
            let keyword = String(word.drop { $0 == "#" || $0 == "!" || $0 == "{" }).lowercased()
            let next = words[index + 1]
            if Self.passwords.contains(keyword) {
                guard Self.definition(in: next) == nil else { return String(line) }
                // An unquoted comment sign may be a part of the password, so the rest of the line goes with it.
                return line[..<next.startIndex] + replaced(next, by: password(next, &mask))
            }
            if keyword == "key", isInHMAC || next.allSatisfy(\.isNumber), index + 2 < words.count {
                let value = words[index + 2]
                guard !Self.unquoted(value).hasPrefix("file:"), Self.definition(in: value) == nil else {
                    return String(line)
                }
                return line[..<value.startIndex] + replaced(value, by: key(value, &mask))
            }
            let isPair = index > 0 && Self.pairs[keyword].map { $0 == words[index - 1] } ?? false
            if Self.keywords.contains(keyword) || isPair || Self.isSecretOption(word) {
                let rest = words[(index + 1)...].drop { word in
                    Self.between.contains(word.lowercased()) || word.allSatisfy(\.isNumber) && word.count < 3
                }
                let last = rest.first ?? next
                return line[..<last.startIndex] + replaced(last, by: Self.hidden)
            }
        }
        return withoutMarked(String(line))
    }

    /// The password of an `auth_pass` line as a stand-in; what keepalived cuts off shows as such.
    private func password(_ word: Substring, _ mask: inout SecretMask) -> String {
        let bytes = Array(Self.unquoted(word).utf8)
        guard !bytes.isEmpty else { return "" }
        return mask.standIn(for: bytes) + (bytes.count > SecretMask.length ? "-cut" : "")
    }

    /// The key of an `auth_hmac` block as one of 32 bytes, the fewest that keepalived takes.
    private func key(_ word: Substring, _ mask: inout SecretMask) -> String {
        // A key is longer than a password, and only its digest counts.
        let bytes = Array(Self.unquoted(word).utf8)
        guard !bytes.isEmpty else { return "" }
        var folded = [UInt8](repeating: 0, count: SecretMask.length)
        for (index, byte) in bytes.enumerated() {
            folded[index % SecretMask.length] = folded[index % SecretMask.length] &* 31 &+ byte
        }
        if folded.allSatisfy({ $0 == 0 }) { folded[0] = 1 }
        let standIn = mask.standIn(for: folded)
        return standIn + String(repeating: "-", count: 32 - standIn.utf8.count)
    }

    /// A line `$NAME=value` whose value is a secret; `nil` for any other.
    private mutating func masked(definition line: Substring, _ words: [Substring], _ mask: inout SecretMask) -> String?
    {
        guard let first = words.first, first.hasPrefix("$"), let equals = line.firstIndex(of: "=") else { return nil }
        let name = line[line.index(after: first.startIndex)..<equals]
        let isPassword = definitions.contains(name)
        let upper = name.uppercased()
        guard isPassword || ["PASS", "SECRET", "KEY", "PWD"].contains(where: upper.contains) else { return nil }
        let start = line[line.index(after: equals)...].firstIndex { !$0.isWhitespace } ?? line.endIndex
        guard start < line.endIndex, line[start] != "\\" else { return String(line) }
        let value = line[start...].prefix { !$0.isWhitespace }
        return line[..<start] + replaced(value, by: isPassword ? password(value, &mask) : Self.hidden)
    }

    private mutating func replaced(_ secret: Substring, by standIn: String) -> String {
        hasMasked = true
        let plain = String(Self.unquoted(secret))
        if plain.count >= Self.shortest, secrets.count < Self.mostSecrets { secrets.insert(plain) }
        return standIn
    }

    // MARK: Other texts

    /// Returns the export of a journal, or a log, without its secrets.
    ///
    /// These are those that configurations showed, and what introducing words mark as secret. Each is replaced by as many signs
    /// as it has bytes, so that lengths in the export stay right.
    package mutating func log(_ text: String) -> String {
        text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" }).map { line in
            // The journal's own fields hold nothing that a daemon said.
            line.hasPrefix("_") || line.hasPrefix("SYSLOG_") ? String(line) : withoutMarked(withoutKnown(String(line)))
        }.joined(separator: "\n")
    }

    /// Returns a list of rules as JSON without known secrets in the comments of rules; nothing else there is a word of people.
    package mutating func rules(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let sign = rest.firstRange(of: "\"comment\": \"") {
            let end = rest[sign.upperBound...].firstIndex(of: "\"") ?? rest.endIndex
            result += rest[..<sign.upperBound] + withoutKnown(String(rest[sign.upperBound..<end]))
            rest = rest[end...]
        }
        return result + rest
    }

    /// A text without the known secrets that stand in it as words.
    private mutating func withoutKnown(_ text: String) -> String {
        var text = text
        for secret in secrets {
            var from = text.startIndex
            while let range = text[from...].firstRange(of: secret) {
                from = range.upperBound
                let isWord = [text[..<range.lowerBound].last, text[range.upperBound...].first].allSatisfy { neighbor in
                    neighbor.map { !$0.isLetter && !$0.isNumber } ?? true
                }
                guard isWord else { continue }
                let filler = Self.filler(secret)
                let place = text.utf8.distance(from: text.startIndex, to: range.lowerBound) + filler.utf8.count
                text.replaceSubrange(range, with: filler)
                from = text.utf8.index(text.startIndex, offsetBy: place)
                hasMasked = true
            }
        }
        return text
    }

    private static func filler(_ secret: some StringProtocol) -> String {
        String(repeating: "x", count: secret.utf8.count)
    }

    /// A line without what follows `Password =` and the like, and without passwords of users in addresses.
    private mutating func withoutMarked(_ line: String) -> String {
        var line = line
        for sign in Self.signs {
            // Such a word is ASCII, and in lower case it has as many bytes.
            guard let range = line.lowercased().utf8.firstRange(of: sign.utf8) else { continue }
            let lower = line.lowercased()
            let place = lower.utf8.distance(from: lower.startIndex, to: range.upperBound)
            guard lower.utf8.count == line.utf8.count else { continue }
            let value = line[line.utf8.index(line.startIndex, offsetBy: place)...].drop { $0 == " " }
            let secret = value.prefix { !$0.isWhitespace && $0 != "," && $0 != "&" }
            guard !secret.isEmpty else { continue }
            line.replaceSubrange(secret.startIndex..<secret.endIndex, with: Self.filler(secret))
            hasMasked = true
        }
        return withoutUsers(line)
    }

    private static let signs = ["password =", "password=", "password:", "passwd=", "secret=", "token=", "auth_pass "]

    /// A line without the password in `://user:password@host`.
    private mutating func withoutUsers(_ line: String) -> String {
        guard let scheme = line.firstRange(of: "://"),
            let at = line[scheme.upperBound...].firstIndex(where: { $0 == "@" || $0 == "/" || $0.isWhitespace }),
            line[at] == "@", let colon = line[scheme.upperBound..<at].firstIndex(of: ":")
        else { return line }
        hasMasked = true
        let secret = line[line.index(after: colon)..<at]
        return line[...colon] + Self.filler(secret) + line[at...]
    }

    // MARK: Words

    /// The words of a line; a quoted one keeps its quotation marks and blanks.
    private static func words(of line: Substring) -> [Substring] {
        var words: [Substring] = []
        var place = line.startIndex
        while let start = line[place...].firstIndex(where: { !$0.isWhitespace }) {
            var end = line.index(after: start)
            if line[start] == "\"" {
                end = line[end...].firstIndex(of: "\"").map { line.index(after: $0) } ?? line.endIndex
            } else {
                end = line[end...].firstIndex { $0.isWhitespace } ?? line.endIndex
            }
            words.append(line[start..<end])
            place = end
        }
        return words
    }

    private static func unquoted(_ word: Substring) -> Substring {
        guard word.hasPrefix("\"") else { return word }
        let inside = word.dropFirst()
        return inside.hasSuffix("\"") ? inside.dropLast() : inside
    }

    /// The name in `$NAME` or `${NAME}`; `nil` for anything else.
    private static func definition(in word: Substring) -> Substring? {
        guard word.hasPrefix("$") else { return nil }
        let name = word.dropFirst().drop { $0 == "{" }.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        return name.isEmpty ? nil : name
    }

    /// Whether a word is an option of some program that takes a secret, such as `--password`.
    private static func isSecretOption(_ word: Substring) -> Bool {
        guard word.hasPrefix("--"), !word.contains("=") else { return false }
        let name = word.lowercased()
        return ["pass", "secret", "token"].contains { name.contains($0) }
    }
}
