import Foundation
import SystemPackage
import Testing
import VRRPTestSupport

/// Bundles of two real keepalived, collected while something is wrong between them: the report of both names the place.
@Suite(
    .timeLimit(.minutes(10)),
    .enabled(if: Lab.obstacleToFilters == nil, Comment(rawValue: Lab.obstacleToFilters ?? ""))
)
struct CollectLabTests {
    /// A fault, and what the report is to say of it.
    enum Fault: String, CaseIterable, CustomTestStringConvertible {
        case ingressDrop, egressDrop, switchDrop, wrongInterface, membershipLost, sourceCheck

        var testDescription: String { rawValue }

        /// The finding that names the fault.
        var finding: String {
            switch self {
            case .ingressDrop, .membershipLost, .sourceCheck: "host-filter"
            case .switchDrop: "path-broken"
            case .egressDrop, .wrongInterface: "expected-router-silent"
            }
        }

        /// Words of its explanation.
        var words: [String] {
            switch self {
            case .ingressDrop: ["On 10.51.0.2, nftables counts ", " of protocol 112 in chain in of table inet fault"]
            case .egressDrop: ["On r1, nftables counts ", " of protocol 112 in chain out of table inet fault"]
            case .switchDrop:
                ["10.51.0.2 has joined the group 224.0.0.18 on eth0, so the advertisements are lost on the way there"]
            case .wrongInterface: ["On r2 the instance is configured on other, and packets were captured on eth0"]
            case .membershipLost: ["On 10.51.0.2, eth0 has not joined the group 224.0.0.18"]
            case .sourceCheck:
                ["On 10.53.0.2, rp_filter is 1 for eth0, and 10.51.0.1 is in none of the networks there"]
            }
        }

        /// The address of the second router: where the kernel checks sources, its network is not that of the first.
        func address(of router: Lab.Router) -> String { self == .sourceCheck ? "10.53.0.2" : router.address }
    }

    @Test("bundles of both routers name the place of a fault", arguments: Fault.allCases)
    func place(of fault: Fault) async throws {
        try await Lab.run { lab in
            try await prepare(fault, lab)
            try await run(fault, lab, lab.first, priority: 100) { first in
                try await wait(for: "MASTER", first)
                let (priority, interface) = fault == .wrongInterface ? (110, "other") : (90, "eth0")
                try await run(fault, lab, lab.second, priority: priority, interface: interface) { second in
                    try await wait(for: "BACKUP", second)
                    try await begin(fault, lab, at: second)
                    try await wait(for: "MASTER", second)
                    async let one = collect(lab, lab.first)
                    async let other = collect(lab, lab.second)
                    let statuses = try await [one, other]
                    #expect(statuses == [0, 0])
                }
            }
            try await expect(fault, lab)
        }
    }

    // MARK: Faults

    private func prepare(_ fault: Fault, _ lab: Lab) async throws {
        let namespace = lab.second.namespace
        switch fault {
        case .wrongInterface:
            try await Tool.run("ip", "-n", namespace, "link", "add", "other", "type", "veth", "peer", "name", "far")
            for name in ["far", "other"] { try await Tool.run("ip", "-n", namespace, "link", "set", name, "up") }
            try await Tool.run("ip", "-n", namespace, "addr", "add", "10.51.0.3/24", "dev", "other")
        case .sourceCheck:
            try await Tool.run("ip", "-n", namespace, "addr", "flush", "dev", "eth0", "scope", "global")
            let address = "\(fault.address(of: lab.second))/24"
            try await Tool.run("ip", "-n", namespace, "addr", "add", address, "dev", "eth0")
            for name in ["all", "eth0"] { try await set("net.ipv4.conf.\(name).rp_filter", to: 0, in: namespace) }
        case .ingressDrop, .egressDrop, .switchDrop, .membershipLost: break
        }
    }

    private func set(_ parameter: String, to value: Int, in namespace: String) async throws {
        let path = "/proc/sys/\(parameter.replacing(".", with: "/"))"
        try await Tool.run("ip", "netns", "exec", namespace, "sh", "-c", "echo \(value) >\(path)")
    }

    private func begin(_ fault: Fault, _ lab: Lab, at process: LabProcess) async throws {
        func drop(in namespace: String, _ table: String, _ chain: String, _ hook: String, _ rule: String) async throws {
            let nft = ["netns", "exec", namespace, "nft"]
            try await Tool.run("ip", nft + ["add table \(table)"])
            try await Tool.run("ip", nft + ["add chain \(table) \(chain) { type filter hook \(hook) priority 0; }"])
            try await Tool.run("ip", nft + ["add rule \(table) \(chain) \(rule) counter drop"])
        }
        switch fault {
        case .ingressDrop: try await drop(in: lab.second.namespace, "inet fault", "in", "input", "ip protocol vrrp")
        case .egressDrop: try await drop(in: lab.first.namespace, "inet fault", "out", "output", "ip protocol vrrp")
        case .switchDrop:
            let rule = "oifname r2 ether daddr 01:00:5e:00:00:12"
            try await drop(in: lab.switchNamespace, "bridge fault", "through", "forward", rule)
        case .membershipLost:
            let script = SourceTree.url("Tests/EndToEndTests/Lab/leave.py").path
            let index = try await Tool.run(
                "ip",
                "netns",
                "exec",
                lab.second.namespace,
                "cat",
                "/sys/class/net/eth0/ifindex"
            )
            try await Tool.run("python3", script, "\(process.identifier)", "224.0.0.18", index.filter(\.isNumber))
        case .sourceCheck: try await set("net.ipv4.conf.eth0.rp_filter", to: 1, in: lab.second.namespace)
        case .wrongInterface: break
        }
    }

    // MARK: Programs

    private func run(
        _ fault: Fault,
        _ lab: Lab,
        _ router: Lab.Router,
        priority: Int,
        interface: String = "eth0",
        _ body: (LabProcess) async throws -> Void
    ) async throws {
        let file = lab.folder.appending(path: "\(router.name)-keepalived.conf")
        let text = lab.configuration(of: router, state: "BACKUP", priority: priority, password: "s3cret")
            .replacing("interface eth0", with: "interface \(interface)")
            // The virtual address brings no route to the other router.
            .replacing("10.51.0.100/24", with: fault == .sourceCheck ? "10.51.0.100/32" : "10.51.0.100/24")
        try Data(text.utf8).write(to: file)
        let pids = [("-p", "\(router.name).pid"), ("-r", "\(router.name)-vrrp.pid")].flatMap { option, name in
            [option, lab.folder.appending(path: name).path]
        }
        let arguments = ["keepalived", "-n", "-l", "-D", "-P", "-f", file.path] + pids
        try await LabProcess.run(in: router.namespace, arguments, outlivesBody: true, body)
    }

    private func wait(for state: String, _ process: LabProcess) async throws {
        _ = try await process.findAnywhere(state) { $0.contains("Entering \(state) STATE") ? true : nil }
    }

    private func bundle(_ lab: Lab, _ router: Lab.Router) -> String {
        lab.folder.appending(path: "\(router.name).vrrpbundle").path
    }

    private func collect(_ lab: Lab, _ router: Lab.Router) async throws -> Int {
        let arguments = ["collect", "eth0", "--seconds", "8", "--name", router.name, "-o", bundle(lab, router)]
        return try await LabProcess.run(
            in: router.namespace,
            [Vrrpwatch.executable.string] + arguments,
            outlivesBody: false
        ) { _ in }
    }

    private func expect(_ fault: Fault, _ lab: Lab) async throws {
        let bundles = [bundle(lab, lab.first), bundle(lab, lab.second)]
        let outcome = try await Vrrpwatch.run(["report", "--format", "json", "-o", "-"] + bundles)
        #expect(outcome.status == 0)
        let report = try JSONDecoder().decode(Findings.self, from: Data(outcome.output))
        let told = report.findings.map { "\($0.id): \($0.explanation)" }
        let explanation = report.findings.first { $0.id == fault.finding }?.explanation ?? ""
        for words in fault.words {
            #expect(explanation.contains(words), "\(told.joined(separator: "\n"))\n\(outcome.errors)")
        }
        #expect(report.vantagePoints.map(\.name) == ["r1", "r2"])
        #expect(report.vantagePoints.map(\.at) == [lab.first.address, fault.address(of: lab.second)])
        #expect(!outcome.text.contains("s3cret"))
        for path in bundles {
            let listing = try await Tool.run("tar", "--zstd", "-tf", path)
            #expect(listing.hasPrefix("CONTENTS\npackets.pcapng\n"))
            #expect(!(try await Tool.run("tar", "--zstd", "-xOf", path)).contains("s3cret"))
        }
    }

    /// The members of a report that these tests read.
    private struct Findings: Decodable {
        struct Finding: Decodable {
            var id: String
            var explanation: String
        }

        struct Point: Decodable {
            var name: String?
            var at: String?
        }

        var findings: [Finding]
        var vantagePoints: [Point]
    }
}

extension Lab {
    /// Why no lab with filters of packets can be built here, if so.
    fileprivate static let obstacleToFilters: String? =
        obstacle ?? (Tool.isInstalled("nft") ? nil : "nft is not installed; `.ci/setup test` installs it")
}
