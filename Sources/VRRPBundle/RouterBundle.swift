package import VRRPConfiguration
package import VRRPFacts
package import VRRPWire

/// The state of a router and the packets on its interfaces, as `vrrpwatch collect` put them into one file.
///
/// A bundle is a tar archive of ordinary files. It may come from anybody: members that are not known are passed over, and so is
/// what is too large.
package struct RouterBundle: Sendable {
    /// The names of the members that are read back.
    package enum Name {
        package static let packets = "packets.pcapng"
        /// The folder of keepalived's files, under their paths on the router.
        package static let keepalived = "keepalived"
        package static let frrConfiguration = "frr/running-config"
        package static let frrState = "frr/vrrp.json"
        package static let frrLog = "frr/frr.log"
        package static let journal = "journal.export"
        package static let addresses = "ip/addr.json"
        package static let links = "ip/link.json"
        package static let neighbors = "ip/neigh.json"
        package static let groups = "ip/maddr.json"
        package static let rules = "nftables/after.json"
        package static let earlierRules = "nftables/before.json"
        package static let iptables = "iptables/after"
        package static let earlierIPTables = "iptables/before"
        package static let ip6tables = "ip6tables/after"
        package static let earlierIP6Tables = "ip6tables/before"
        package static let settings = "sysctl"
        /// The folders of what is for people only.
        package static let folders = ["versions/", "clock/"]

        static let texts: Set = [
            frrConfiguration, frrState, frrLog, journal, addresses, links, neighbors, groups, rules, earlierRules,
            iptables,
            earlierIPTables, ip6tables, earlierIP6Tables, settings,
        ]
    }

    /// The most bytes of the captured packets.
    package static let mostPacketBytes = 64 << 20
    /// The most bytes of any other member.
    package static let mostTextBytes = 8 << 20
    /// The most bytes of all other members together.
    private static let mostTexts = 128 << 20
    private static let mostNamed = 3
    /// The number of a host's addresses from which on they are not compared.
    private static let mostAddresses = 65_536

    package let contents: BundleContents
    /// The captured packets as a file of pcapng; empty where nothing could be captured.
    package private(set) var packets: [UInt8] = []
    /// The other members, by their names.
    package private(set) var texts: [String: String] = [:]
    /// The sentences about what was not read, for people.
    package private(set) var remarks: [String] = []
    /// The damage behind which nothing was read; `nil` where the bundle is whole.
    package private(set) var damage: BundleError?

    /// Reads a bundle.
    ///
    /// - Parameter source: returns as many bytes of the archive as are there, up to a number; none at the end.
    /// - Throws: ``BundleError`` where the archive does not begin as a bundle does; damage behind the beginning is noted.
    package init(_ source: @escaping (Int) throws(BundleError) -> [UInt8]) throws(BundleError) {
        var reader = TarReader(source)
        let no = BundleError("is no bundle", isDamage: false)
        do throws(BundleError) {
            guard let first = try reader.next(), first.isFile, first.name == BundleContents.memberName,
                let contents = BundleContents(Self.text(try reader.content(atMost: Self.mostTextBytes)))
            else { throw no }
            self.contents = contents
        } catch {
            throw no
        }
        do throws(BundleError) {
            try read(&reader)
        } catch {
            damage = error
        }
    }

    private mutating func read(_ reader: inout TarReader) throws(BundleError) {
        var unknown: [String] = []
        var total = 0
        while let member = try reader.next() {
            guard member.isFile, Self.isKnown(member.name) else {
                unknown.append(member.name)
                continue
            }
            if member.name == Name.packets {
                guard member.size <= Self.mostPacketBytes else {
                    remarks.append("\(member.name) is larger than \(Self.mostPacketBytes >> 20) MiB and was not read")
                    continue
                }
                packets = try reader.content(atMost: Self.mostPacketBytes)
                continue
            }
            guard total < Self.mostTexts, texts[member.name] == nil else {
                remarks.append("\(member.name) was not read: it comes twice, or the bundle is too large")
                continue
            }
            let bytes = try reader.content(atMost: Self.mostTextBytes)
            if bytes.count < member.size { remarks.append("\(member.name) was cut at \(Self.mostTextBytes >> 20) MiB") }
            total += bytes.count
            texts[member.name] = Self.text(bytes)
        }
        guard !unknown.isEmpty else { return }
        let some =
            unknown.prefix(Self.mostNamed).joined(separator: ", ") + (unknown.count > Self.mostNamed ? ", …" : "")
        remarks.append("passed over \(Words.count(unknown.count, "member")) that no bundle has: \(some)")
    }

    private static func isKnown(_ name: String) -> Bool {
        name == Name.packets || Name.texts.contains(name) || name.hasPrefix(Name.keepalived + "/")
            || Name.folders.contains { name.hasPrefix($0) }
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    // MARK: Making

    /// Makes the archive: what it holds first, then the members.
    ///
    /// - Parameters:
    ///   - contents: the facts at the top.
    ///   - members: the members, in their order.
    ///   - missing: the sources that gave nothing.
    ///   - remarks: sentences about what was left out or changed.
    ///   - time: now, in seconds since 1970.
    /// - Returns: the bytes of the archive, not compressed.
    package static func archive(
        _ contents: BundleContents,
        _ members: [BundleMember],
        missing: [BundleMember],
        remarks: [String],
        time: Int64
    ) -> [UInt8] {
        var writer = TarWriter()
        let text = contents.text(members, missing: missing, remarks: remarks)
        writer.append(BundleContents.memberName, Array(text.utf8), time: time)
        for member in members { writer.append(member.name, member.content, time: time) }
        writer.finish()
        return writer.bytes
    }

    // MARK: Uses

    /// A member that is JSON; `nil` where there is none, or it is no JSON.
    func json(_ name: String) -> JSONText? { texts[name].flatMap { JSONText(Array($0.utf8)) } }

    /// The host as its tools told of it.
    package var state: HostState { HostState(self) }

    /// The texts in which daemons told what they did, each with the name of its member: the journal's export and FRR's log.
    package var logs: [(name: String, text: String)] {
        [Name.journal, Name.frrLog].compactMap { name in texts[name].map { (name, $0) } }
    }

    /// The addresses of all interfaces of the host, also of those that were not captured on; `nil` where ip(8) told none.
    package var addresses: Set<IPAddress>? {
        let links = json(Name.addresses)?.elements ?? []
        let addresses = links.lazy.flatMap { $0["addr_info"]?.elements ?? [] }
            .compactMap { $0["local"]?.string.flatMap { IPAddress(text: $0) } }
        let some = Set(addresses.prefix(Self.mostAddresses))
        return some.isEmpty || some.count == Self.mostAddresses ? nil : some
    }

    /// The configurations of the router's daemons, called by the name of the bundle.
    ///
    /// - Parameter name: the name that stands for the router.
    /// - Returns: the configurations that could be read.
    package func configurations(of name: String) -> [RouterConfiguration] {
        let addresses = addresses
        return contents.configurations.compactMap { main in
            let files = BundleTexts(self, name)
            // A configuration that is listed and not there was told of when it was collected.
            guard
                var configuration = try? ConfigurationReader.read(
                    files.path(of: main),
                    configID: main.configID,
                    from: files
                )
            else { return nil }
            configuration.name = name
            configuration.hostAddresses = addresses
            return configuration
        }
    }
}

/// The configuration files of a bundle, by their paths on the router behind the bundle's name: `node1:/etc/keepalived/a.conf`.
private struct BundleTexts: ConfigurationFiles {
    private let prefix: String
    private let texts: [String: String]

    init(_ bundle: RouterBundle, _ name: String) {
        prefix = name + ":"
        let folder = RouterBundle.Name.keepalived
        var texts: [String: String] = [:]
        for (member, text) in bundle.texts where member.hasPrefix(folder + "/") {
            texts[String(member.dropFirst(folder.count))] = text
        }
        texts[RouterBundle.Name.frrConfiguration] = bundle.texts[RouterBundle.Name.frrConfiguration]
        self.texts = texts
    }

    func path(of main: BundleContents.Configuration) -> String { prefix + main.path }

    func text(of path: String) throws(ConfigurationFileError) -> String {
        guard let text = texts[plain(path)] else { throw ConfigurationFileError(path, "it is not in the bundle") }
        return text
    }

    func paths(matching pattern: String) -> [String] {
        let patterns = GlobPattern.alternatives(plain(pattern))
        return texts.keys.filter { path in
            let parts = path.split(separator: "/")
            return patterns.contains { pattern in
                let globs = pattern.split(separator: "/")
                return globs.count == parts.count
                    && zip(globs, parts).allSatisfy { GlobPattern($0).matches(String($1)) }
            }
        }.sorted().map { prefix + $0 }
    }

    private func plain(_ path: String) -> String {
        path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
    }
}
