import Testing
import VRRPServe

/// The arguments that name sensors and the address to serve at.
@Suite struct ArgumentTests {
    @Test func sourcesOfSensors() throws {
        #expect(try SensorArgument("lab=/run/lab.fifo").source == .path("/run/lab.fifo"))
        #expect(try SensorArgument("a=exec:cat x=y.pcapng").source == .program(["cat", "x=y.pcapng"]))
        let ssh = try SensorArgument("a.b-1=ssh://watcher@r1.example:2222/eth0")
        guard case .program(let words) = ssh.source else {
            Issue.record("\(ssh)")
            return
        }
        #expect(words.first == "ssh")
        #expect(
            words.suffix(12) == [
                "-p", "2222", "--", "watcher@r1.example", "vrrpwatch", "watch", "eth0", "-q", "-w", "-", "--sensor",
                "a.b-1",
            ]
        )
    }

    @Test(
        "what is no sensor is refused with a reason",
        arguments: [
            ("lab", "does not name a sensor and a source"),
            ("=x", "'' is no name of a sensor"),
            ("a b=x", "'a b' is no name of a sensor"),
            ("a=", "names no source"),
            ("a=exec:", "names no program"),
            ("a=ssh://host", "does not name a host and an interface"),
            ("a=ssh://-oProxyCommand=x/eth0", "begins with no -"),
            ("a=ssh://host/eth0;reboot", "a host or an interface may have"),
            ("a=ssh://host:0/eth0", "'0' is no port"),
        ]
    )
    func faults(text: String, reason: String) {
        #expect { try SensorArgument(text) } throws: { "\($0)".contains(reason) }
    }

    @Test(
        "only addresses of this host are served without being asked",
        arguments: [
            ("127.0.0.1:9798", true), ("127.9.9.9:1", true), ("[::1]:9798", true), ("localhost:80", true),
            ("0.0.0.0:9798", false), ("10.0.0.1:9798", false), ("[::]:9798", false), ("127.example:80", false),
        ]
    )
    func loopback(text: String, isLoopback: Bool) throws {
        let address = try #require(ListenAddress(text))
        #expect(address.isLoopback == isLoopback)
        #expect("\(address)" == text)
    }

    @Test(arguments: ["", "9798", "127.0.0.1", "::1:9798", ":9798", "127.0.0.1:65536", "127.0.0.1:x"])
    func noAddress(text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test("a name that leads here from elsewhere is refused, so that no other page reads this one")
    func rebinding() throws {
        let local = try #require(ListenAddress("127.0.0.1:9798"))
        #expect(local.admits(host: "127.0.0.1:9798"))
        #expect(local.admits(host: "localhost"))
        #expect(local.admits(host: "[::1]:9798"))
        #expect(!local.admits(host: "attacker.example:9798"))
        #expect(!local.admits(host: nil))
        let open = try #require(ListenAddress("10.0.0.1:9798"))
        #expect(open.admits(host: "wall.example"))
    }
}
