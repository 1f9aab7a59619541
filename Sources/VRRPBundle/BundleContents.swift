/// The first member of a bundle, `CONTENTS`: plain text that says what is in it, so that people dare to hand it on.
///
/// Its first lines are read back; the rest is for people.
package struct BundleContents: Hashable, Sendable {
    /// The name of the member.
    package static let memberName = "CONTENTS"
    /// The first line of every bundle.
    package static let title = "vrrpwatch bundle 1"
    /// The most entries of a kind that are read.
    private static let most = 64

    /// A configuration that a daemon reads first.
    package struct Configuration: Hashable, Sendable {
        /// The daemon, `keepalived` or `frr`.
        package var daemon: String
        /// The path on the router, or that of the member without a path there.
        package var path: String
        /// The config-id that keepalived runs with; `nil` for none.
        package var configID: String?

        package init(daemon: String, path: String, configID: String? = nil) {
            self.daemon = daemon
            self.path = path
            self.configID = configID
        }
    }

    /// The name of the router: its host name, or the name that was given.
    package var name: String
    /// The interfaces that packets were captured on.
    package var interfaces: [String]
    /// Whether stand-ins are in the place of passwords.
    package var isMasked: Bool
    package var configurations: [Configuration]
    /// The time and the length of the capture, in words.
    package var collected: String

    package init(
        name: String,
        interfaces: [String],
        isMasked: Bool,
        configurations: [Configuration] = [],
        collected: String = ""
    ) {
        self.name = name
        self.interfaces = interfaces
        self.isMasked = isMasked
        self.configurations = configurations
        self.collected = collected
    }

    /// Reads the first lines; `nil` where the text is not the beginning of a bundle.
    package init?(_ text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        guard lines.popFirst() == Substring(Self.title), lines.popFirst() == "" else { return nil }
        self.init(name: "", interfaces: [], isMasked: false)
        while let line = lines.popFirst(), let colon = line.firstRange(of: ": ") {
            let value = line[colon.upperBound...]
            switch line[..<colon.lowerBound] {
            case "Name": name = Self.name(String(value))
            case "Interfaces": interfaces = value.split(separator: " ").prefix(Self.most).map(String.init)
            case "Passwords": isMasked = value.hasPrefix("masked")
            case "Collected": collected = String(value)
            case "Configuration":
                guard configurations.count < Self.most, let one = Configuration(value) else { continue }
                configurations.append(one)
            default: continue
            }
        }
    }

    /// A name as bundles may have it: letters, digits, and `._-`; everything else becomes `_`.
    package static func name(_ text: String) -> String {
        String(text.prefix(most).map { $0.isLetter || $0.isNumber || "._-".contains($0) ? $0 : "_" })
    }

    /// The lines that are read back.
    private var head: String {
        var lines = [Self.title, ""]
        lines.append("Name: \(name)")
        lines.append("Interfaces: \(interfaces.joined(separator: " "))")
        lines.append("Collected: \(collected)")
        lines.append("Passwords: \(isMasked ? Self.maskedWords : "shown")")
        lines += configurations.map { "Configuration: \($0.words)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static let maskedWords = "masked; stand-ins such as hid-3fa9 tell equal from different ones"

    /// The text of the member.
    ///
    /// - Parameters:
    ///   - members: the members behind this one.
    ///   - missing: the sources that gave nothing, with the reasons.
    ///   - remarks: sentences about what was left out or changed.
    /// - Returns: the text, which begins with ``title``.
    package func text(_ members: [BundleMember], missing: [BundleMember], remarks: [String]) -> String {
        var text = head + "\n"
        text += "The state of one router and the VRRP and ARP packets on its interfaces, for `vrrpwatch report`.\n"
        text += "`tar --zstd -xf FILE` unpacks it: look through it before you hand it on.\n"
        for remark in remarks { text += remark + "\n" }
        text += "\nMember (bytes), exit status, source:\n\n"
        for member in members {
            text += "  \(member.name) (\(member.content.count)), \(member.status), \(member.source)\n"
        }
        guard !missing.isEmpty else { return text }
        text += "\nNot there:\n\n"
        for member in missing { text += "  \(member.source): \(member.status)\n" }
        return text
    }
}

extension BundleContents.Configuration {
    /// Reads `keepalived /etc/keepalived/keepalived.conf` or the same with ` as ID` behind; `nil` for anything else.
    fileprivate init?(_ text: Substring) {
        let words = text.split(separator: " ")
        guard words.count == 2 || words.count == 4 && words[2] == "as" else { return nil }
        self.init(daemon: String(words[0]), path: String(words[1]), configID: words.count == 4 ? String(words[3]) : nil)
    }

    fileprivate var words: String { "\(daemon) \(path)" + (configID.map { " as \($0)" } ?? "") }
}

/// A member of a bundle that is being made.
package struct BundleMember: Hashable, Sendable {
    package var name: String
    /// The command or the file that it comes from.
    package var source: String
    /// The exit status of the command, or why there is nothing, in words.
    package var status: String
    package var content: [UInt8]

    package init(name: String, source: String, status: String, content: [UInt8]) {
        self.name = name
        self.source = source
        self.status = status
        self.content = content
    }
}
