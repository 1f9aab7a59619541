internal import VRRPFacts

/// Command lines that make a report again, for people to copy.
enum CommandLineText {
    /// The command line of a command on files, with its output in `report.ENDING`.
    static func command(_ name: String, _ paths: [String], _ options: [String], ending: String) -> String {
        // A name that begins like an option is a file all the same.
        let files = paths.map { $0.hasPrefix("-") && $0 != "-" ? "./" + $0 : $0 }
        let words = ["vrrpwatch", name] + files + options + ["-o", "report.\(ending)"]
        return words.map(\.quotedForShell).joined(separator: " ")
    }
}

extension String {
    /// The text as one word of a shell's command line.
    fileprivate var quotedForShell: String {
        let plain = "%+,-./:=@_"
        let isPlain =
            !isEmpty
            && unicodeScalars.allSatisfy { scalar in
                scalar.isASCII && (Character(scalar).isLetter || Character(scalar).isNumber)
                    || plain.unicodeScalars.contains(scalar)
            }
        guard !isPlain else { return self }
        // Shown, such a character is `\xNN`, which shells read within these quotes.
        if unicodeScalars.contains(where: { NameBytes.byte(of: $0) != nil }) {
            return "$'\(replacing("'", with: "\\'"))'"
        }
        return "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
