import Foundation
import Subprocess
import Synchronization
import SystemPackage
import Testing
import VRRPTestSupport

/// A switch and two routers, each in a network namespace of its own, with real keepalived or FRR.
///
/// The namespaces are named by this process, nothing leaves them, and only processes started here are ended.
struct Lab: Sendable {
    struct Router: Sendable {
        /// Its name and the switch port it is connected to.
        var name: String
        var namespace: String
        var address: String
    }

    var switchNamespace: String
    /// The switch's interface on which all traffic is seen.
    let bridge = "br0"
    var first: Router
    var second: Router
    var folder: URL

    /// Why no lab can be built here, if so.
    static let obstacle: String? = {
        if geteuid() != 0 { return "network namespaces need root" }
        let missing = ["ip", "keepalived"].filter { !Tool.isInstalled($0) }
        if !missing.isEmpty { return "\(missing.joined(separator: ", ")) not installed; `.ci/setup test` installs it" }
        return nil
    }()

    /// Of the labs so far: several suites have one at a time each.
    private static let number = Atomic<Int>(0)

    /// Builds a lab, runs `body`, and removes the lab whatever happened.
    static func run(_ body: (Lab) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let prefix = "vw\(getpid())n\(number.wrappingAdd(1, ordering: .relaxed).newValue)"
            let lab = Lab(
                switchNamespace: "\(prefix)sw",
                first: Router(name: "r1", namespace: "\(prefix)r1", address: "10.51.0.1"),
                second: Router(name: "r2", namespace: "\(prefix)r2", address: "10.51.0.2"),
                folder: folder
            )
            let outcome: Result<Void, any Error>
            do {
                try await lab.build()
                try await body(lab)
                outcome = .success(())
            } catch {
                outcome = .failure(error)
            }
            // A task of its own: a test that ran out of time is cancelled, and still has to clean up.
            await Task { await lab.remove() }.value
            try outcome.get()
        }
    }

    private func build() async throws {
        try await Tool.run("ip", "netns", "add", switchNamespace)
        try await makeBridge(ports: [])
        for router in [first, second] {
            try await Tool.run("ip", "netns", "add", router.namespace)
            try await Tool.run(
                "ip",
                ["-n", switchNamespace, "link", "add", router.name, "type", "veth"]
                    + ["peer", "name", "eth0", "netns", router.namespace]
            )
            try await inSwitch("ip", "link", "set", router.name, "master", bridge, "up")
            try await Tool.run("ip", "-n", router.namespace, "link", "set", "lo", "up")
            try await Tool.run("ip", "-n", router.namespace, "link", "set", "eth0", "up")
            try await Tool.run("ip", "-n", router.namespace, "addr", "add", "\(router.address)/24", "dev", "eth0")
        }
    }

    /// Makes the switch's interface, also in place of one that was deleted.
    func makeBridge() async throws {
        try await makeBridge(ports: [first, second])
    }

    private func makeBridge(ports: [Router]) async throws {
        try await inSwitch("ip", "link", "add", bridge, "type", "bridge", "mcast_snooping", "0", "forward_delay", "0")
        for router in ports { try await inSwitch("ip", "link", "set", router.name, "master", bridge) }
        try await inSwitch("ip", "link", "set", bridge, "up")
    }

    private func remove() async {
        for namespace in [first.namespace, second.namespace, switchNamespace] {
            _ = try? await Tool.run("ip", "netns", "delete", namespace)
        }
    }

    func inSwitch(_ command: String...) async throws {
        try await Tool.run("ip", ["netns", "exec", switchNamespace] + command)
    }

    // MARK: Processes

    /// Runs keepalived as the instance of VRID 51 while `body` runs.
    func keepalived(
        on router: Router,
        state: String,
        priority: Int,
        version: Int = 2,
        password: String = "1111",
        _ body: (LabProcess) async throws -> Void
    ) async throws {
        let file = folder.appending(path: "\(router.name).conf")
        let text = configuration(of: router, state: state, priority: priority, version: version, password: password)
        try Data(text.utf8).write(to: file)
        let pids = ["-p", "\(router.name).pid", "-r", "\(router.name)-vrrp.pid"].map {
            $0.hasPrefix("-") ? $0 : folder.appending(path: $0).path
        }
        let arguments = ["keepalived", "-n", "-l", "-D", "-P", "-f", file.path] + pids
        try await LabProcess.run(in: router.namespace, arguments, outlivesBody: true, body)
    }

    func configuration(
        of router: Router,
        state: String,
        priority: Int,
        version: Int = 2,
        password: String
    ) -> String {
        // VRRPv3 has no authentication.
        let authentication = """
                authentication {
                    auth_type PASS
                    auth_pass \(password)
                }
            """
        return """
            global_defs {
                router_id \(router.name)
                vrrp_version \(version)
            }
            vrrp_instance VI_1 {
                state \(state)
                interface eth0
                virtual_router_id 51
                priority \(priority)
                advert_int 1
            \(version == 2 ? authentication : "")
                virtual_ipaddress {
                    10.51.0.100/24
                }
            }

            """
    }

    /// Runs `vrrpwatch` on the switch while `body` runs.
    ///
    /// - Parameters:
    ///   - wrapper: a command that runs it, such as `setpriv` with its arguments.
    ///   - executable: where it lies.
    ///   - arguments: its own.
    ///   - body: what happens meanwhile.
    /// - Returns: its exit status.
    /// - Throws: what `body` throws, or that it cannot be run.
    func vrrpwatch(
        under wrapper: [String] = [],
        executable: String = Vrrpwatch.executable.string,
        _ arguments: [String],
        _ body: (LabProcess) async throws -> Void
    ) async throws -> Int {
        var process: LabProcess?
        let status = try await LabProcess.run(
            in: switchNamespace,
            wrapper + [executable] + arguments,
            outlivesBody: false
        ) {
            process = $0
            try await body($0)
        }
        if let process { try await Self.holdEventsAgainstTheirSchema(process) }
        return status
    }

    /// Records whatever an ended process printed as events that are none by the schema.
    private static func holdEventsAgainstTheirSchema(_ process: LabProcess) async throws {
        let lines = await process.output.lines.map(\.text).filter { $0.hasPrefix("{\"schema\":\"vrrpwatch.event/") }
        guard Schemas.isInstalled, !lines.isEmpty else { return }
        for violation in try Schemas.violations(in: lines, of: .event) { Issue.record("\(violation)") }
    }
}
