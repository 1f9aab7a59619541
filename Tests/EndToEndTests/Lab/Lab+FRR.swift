import Foundation

extension Lab {
    /// The folder of the daemons in Debian's package, which is on no one's PATH.
    private static let daemons = "/usr/lib/frr"

    /// The start of a command that gives a daemon its own /var/tmp.
    ///
    /// The files that a killed daemon leaves in /var/tmp go with the mount namespace that `ip netns exec` made for the
    /// daemon.
    private static let inOwnTemporaryFolder = ["sh", "-c", "mount -t tmpfs tmpfs /var/tmp && exec \"$@\"", "sh"]

    /// Why no lab with FRR can be built here, if so.
    static let obstacleToFRR: String? = {
        if let obstacle { return obstacle }
        let missing = ["zebra", "vrrpd"].map { "\(daemons)/\($0)" }
            .filter { !FileManager.default.isExecutableFile(atPath: $0) }
        if !missing.isEmpty { return "\(missing.joined(separator: ", ")) not there; `.ci/setup test` installs frr" }
        return nil
    }()

    /// Runs FRR's vrrpd, and the zebra that tells it of interfaces, as VRRPv3 router of VRID 51 while `body` runs.
    ///
    /// - Parameters:
    ///   - router: where; its virtual MAC is on an interface of its own, which stays when vrrpd ends.
    ///   - priority: 1 to 254.
    ///   - body: what happens meanwhile to vrrpd, which writes its log to standard output.
    /// - Throws: what `body` throws, or that a daemon cannot be run.
    func frr(on router: Router, priority: Int, _ body: (LabProcess) async throws -> Void) async throws {
        try await makeVirtualInterface(on: router)
        // The daemons give up root, and still have to make sockets and pid files.
        let folder = folder.appending(path: "\(router.name)-frr")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.path)
        func command(_ daemon: String, _ configuration: String) throws -> [String] {
            let file = folder.appending(path: "\(daemon).conf")
            try Data(configuration.utf8).write(to: file)
            let pid = folder.appending(path: "\(daemon).pid").path
            return Self.inOwnTemporaryFolder + ["\(Self.daemons)/\(daemon)", "-f", file.path, "-i", pid]
                + ["-z", folder.appending(path: "zserv.api").path, "--vty_socket", folder.path, "-P", "0"]
                + ["-u", "frr", "-g", "frr", "--log", "stdout", "--log-level", "debug"]
        }
        let zebra = try command("zebra", "hostname \(router.name)\n")
        let vrrpd = try command("vrrpd", frrConfiguration(of: router, priority: priority))
        try await LabProcess.run(in: router.namespace, zebra, outlivesBody: true) { zebra in
            // By then it listens for other daemons.
            _ = try await zebra.findAnywhere("zebra that is ready") { $0.contains(" starting: ") ? true : nil }
            try await LabProcess.run(in: router.namespace, vrrpd, outlivesBody: true, body)
        }
    }

    /// vrrpd takes the interface that has the virtual MAC and the virtual address, and makes none itself.
    private func makeVirtualInterface(on router: Router) async throws {
        let ip = ["-n", router.namespace]
        try await Tool.run("ip", ip + ["link", "add", "vrrp4-51", "link", "eth0", "type", "macvlan", "mode", "bridge"])
        try await Tool.run("ip", ip + ["link", "set", "vrrp4-51", "address", "00:00:5e:00:01:33"])
        try await Tool.run("ip", ip + ["addr", "add", "10.51.0.100/24", "dev", "vrrp4-51"])
        try await Tool.run("ip", ip + ["link", "set", "vrrp4-51", "up"])
    }

    private func frrConfiguration(of router: Router, priority: Int) -> String {
        """
        hostname \(router.name)
        interface eth0
         vrrp 51 version 3
         vrrp 51 priority \(priority)
         vrrp 51 advertisement-interval 1000
         vrrp 51 ip 10.51.0.100

        """
    }
}
