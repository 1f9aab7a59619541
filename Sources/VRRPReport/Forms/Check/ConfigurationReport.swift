package import VRRPConfiguration
package import VRRPFindings
internal import VRRPWire

/// The report of `vrrpwatch check`: configurations, and the findings about them.
package struct ConfigurationReport: Sendable {
    package var version: String
    package var routers: [RouterConfiguration]
    package var findings: [ConfigurationFinding]

    package init(_ routers: [RouterConfiguration], version: String) {
        self.version = version
        self.routers = routers
        findings = Catalogue.findings(in: routers)
    }

    /// The gravest severity among the findings.
    package var worst: Severity? { findings.map(\.severity).max() }

    /// Whether a text is damaged, so that it may have been misread.
    package var isDamaged: Bool { findings.contains { $0.rule.id == ConfigSyntax.rule.id } }

    private func count(of severity: Severity) -> Int { findings.count { $0.severity == severity } }

    // MARK: Text

    /// A line for each finding, as compilers print theirs, and a line with their numbers at the end.
    package func text(_ options: TextReport.Options) -> String {
        var text = ""
        let style = options.style
        for finding in findings {
            text += style.paint("\(finding.location.description.escapedForTerminal):", .heading) + " "
            text += style.paint("\(finding.severity.rawValue):", finding.severity.role) + " "
            text += "\(finding.summary.escapedForTerminal) [\(finding.rule.id)]\n"
            guard !options.isQuiet else { continue }
            for location in finding.related { text += "    also \(location.description.escapedForTerminal)\n" }
            if options.isVerbose { text += wrapped(finding.rule.page.remedy, width: options.width, indent: 4) }
        }
        if options.isVerbose { text += details }
        if !options.isQuiet { text += style.paint(summaryLine, worst?.role ?? .good) + "\n" }
        return text
    }

    private var summaryLine: String {
        let instances = routers.reduce(0) { $0 + $1.instances.count }
        let numbers = Severity.allCases.reversed().map { severity in
            severity == .critical ? "\(count(of: severity)) critical" : counted(count(of: severity), severity.rawValue)
        }
        return "\(counted(routers.count, "router")), \(counted(instances, "VRRP instance")): "
            + numbers.joined(separator: ", ")
    }

    /// A table of the instances as they were understood, and the keywords that are not known.
    private var details: String {
        var table = TextTable([
            ("ROUTER", .left), ("INSTANCE", .left), ("INTERFACE", .left), ("VRID", .right), ("VERSION", .right),
            ("PRIORITY", .left), ("INTERVAL", .left), ("ADDRESSES", .left),
        ])
        for router in routers {
            for instance in router.instances {
                let range = instance.priorityRange
                let priorities =
                    range.count == 1 || instance.priority == 255
                    ? "\(instance.priority)" : "\(instance.priority) (\(range.lowerBound) to \(range.upperBound))"
                table.add([
                    TextTable.Cell(router.name.escapedForTerminal), TextTable.Cell(instance.name.escapedForTerminal),
                    TextTable.Cell((instance.interface ?? "").escapedForTerminal),
                    TextTable.Cell(instance.vrid.map { "\($0)" } ?? "-"), TextTable.Cell("\(instance.version)"),
                    TextTable.Cell(priorities), TextTable.Cell("\(instance.interval.millisecondsText) ms"),
                    TextTable.Cell(instance.addresses.map(\.address.description).joined(separator: ", ")),
                ])
            }
        }
        var text = "\n"
        table.render(indent: 0, style: .plain, into: &text)
        let unknown = routers.flatMap(\.unknown)
        if !unknown.isEmpty { text += "\nNot known, and left alone:\n" }
        for keyword in unknown {
            let block = keyword.block.map { " in \($0)" } ?? ""
            text += "  \(keyword.location): \(keyword.keyword)\(block)".escapedForTerminal + "\n"
        }
        return text + "\n"
    }

    private func counted(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    // MARK: JSON

    /// `vrrpwatch.check/1`; members and their order only grow.
    package var json: JSONValue {
        var tags = PasswordTags()
        return .object([
            ("schema", .string("vrrpwatch.check/1")),
            ("generator", .object([("name", .string("vrrpwatch")), ("version", .string(version))])),
            ("routers", .array(routers.map { $0.json(&tags) })),
            ("findings", .array(findings.map(\.json))),
            (
                "summary",
                .object(
                    Severity.allCases.reversed().map { severity in
                        (severity.rawValue, JSONValue(count(of: severity)))
                    } + [("worst", JSONValue(worst?.rawValue))]
                )
            ),
        ])
    }

    /// Labels for passwords, which tell equal from different and nothing else.
    fileprivate struct PasswordTags {
        private var tags: [ConfiguredPassword: String] = [:]

        mutating func tag(_ password: ConfiguredPassword) -> String {
            if let known = tags[password] { return known }
            let tag = "key-\(tags.count + 1)"
            tags[password] = tag
            return tag
        }
    }
}

extension SourceLocation {
    fileprivate var json: JSONValue { .object([("file", .string(file)), ("line", JSONValue(line))]) }
}

extension ConfigurationFinding {
    fileprivate var json: JSONValue {
        .object([
            ("id", .string(rule.id)), ("severity", .string(severity.rawValue)), ("file", .string(location.file)),
            ("line", JSONValue(location.line)), ("routers", .array(nodes.map { .string($0) })),
            ("summary", .string(summary)), ("remedy", .string(rule.page.remedy)),
            ("related", .array(related.map(\.json))),
        ])
    }
}

extension RouterConfiguration {
    fileprivate func json(_ tags: inout ConfigurationReport.PasswordTags) -> JSONValue {
        var instances: [JSONValue] = []
        for instance in self.instances { instances.append(instance.json(&tags)) }
        return .object([
            ("name", .string(name)), ("dialect", .string(dialect.rawValue)),
            ("files", .array(files.map { .string($0) })), ("instances", .array(instances)),
            (
                "syncGroups",
                .array(
                    syncGroups.map { group in
                        .object([
                            ("name", .string(group.name)), ("members", .array(group.members.map { .string($0) })),
                        ])
                    }
                )
            ),
            (
                "unknown",
                .array(
                    unknown.map { keyword in
                        .object([
                            ("keyword", .string(keyword.keyword)), ("block", JSONValue(keyword.block)),
                            ("file", .string(keyword.location.file)), ("line", JSONValue(keyword.location.line)),
                        ])
                    }
                )
            ),
        ])
    }
}

extension InstanceConfiguration {
    fileprivate func json(_ tags: inout ConfigurationReport.PasswordTags) -> JSONValue {
        let range = priorityRange
        return .object([
            ("name", .string(name)), ("file", .string(location.file)), ("line", JSONValue(location.line)),
            ("interface", JSONValue(interface)), ("family", .string(family.rawValue)), ("vrid", JSONValue(vrid)),
            ("version", JSONValue(version)), ("priority", JSONValue(priority)),
            ("lowestPriority", JSONValue(range.lowerBound)), ("highestPriority", JSONValue(range.upperBound)),
            ("advertIntervalMs", .milliseconds(interval)), ("addresses", JSONValue(addresses.map(\.address))),
            ("excludedAddresses", JSONValue(excludedAddresses.map(\.address))),
            (
                "authentication",
                .object([
                    ("type", .string(authentication.kind.rawValue)),
                    ("keyTag", JSONValue(authentication.password.map { tags.tag($0) })),
                ])
            ),
            ("delivery", .string(delivery.isMulticast ? "multicast" : "unicast")),
            ("peers", JSONValue(delivery.peers)), ("source", JSONValue(source?.description)),
            ("checksum", JSONValue(checksum?.rawValue)), ("preempt", .boolean(preempts)),
            ("syncGroup", JSONValue(syncGroup)), ("shutdown", .boolean(isShutDown)),
        ])
    }
}
