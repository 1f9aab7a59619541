internal import ArgumentParser
internal import Glibc
internal import VRRPCapture
internal import VRRPServe
internal import VRRPTracker
internal import VRRPWire

/// The command `vrrpwatch-serve`, which `vrrpwatch serve` runs.
@main
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vrrpwatch-serve",
        abstract: "Show live what all sensors see, as a page, for Prometheus and as events.",
        usage: "vrrpwatch serve --sensor NAME=SOURCE... [options]",
        discussion: """
            Examples:
              vrrpwatch serve --sensor a=ssh://watcher@r1/eth0 --sensor b=ssh://watcher@r2/eth0
              vrrpwatch serve --sensor lab=/run/lab.fifo --segments segments.conf
              vrrpwatch serve --sensor ring=/var/lib/vrrpwatch/eth0
              vrrpwatch serve --sensor 'local=exec:vrrpwatch watch eth0 -q -w -'

            A SOURCE is a file, a FIFO or a directory in which a ring of pcapng files grows; ssh://USER@HOST/IFACE, which \
            runs vrrpwatch there; or exec:PROGRAM with arguments behind spaces, without a shell. The page is at \
            http://127.0.0.1:9798/ unless --listen says otherwise; /events has the events as they happen, /metrics the \
            numbers for Prometheus, /api/v1/report the report.
            """,
        version: Engine.version
    )

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A sensor: its name and the source of its stream; can be repeated.",
            valueName: "name=source"
        )
    )
    var sensor: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Tell segments by the names in a file, with lines such as site-a/eth0/vlan10 = \"berlin-dmz\".",
            valueName: "file"
        ),
        completion: .file()
    )
    var segments: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The longest silence of a sensor for which judgement waits.", valueName: "seconds")
    )
    var patience: Double = 2

    @Option(name: .long, help: ArgumentHelp("The address to serve at.", valueName: "host:port"))
    var listen: String = "\(ListenAddress.usual)"

    @Flag(
        name: .long,
        help: "Let other hosts connect where --listen says so. Nothing keeps them from reading everything."
    )
    var listenAnywhere = false

    func validate() throws {
        guard !sensor.isEmpty else { throw ValidationError("no sensor given: add --sensor NAME=SOURCE") }
        let names = try arguments().map(\.name)
        for (index, name) in names.enumerated() where names[..<index].contains(name) {
            throw ValidationError("--sensor \(name)=… is given twice; give each sensor a name of its own")
        }
        guard patience > 0, patience <= 3600 else {
            throw ValidationError("--patience \(patience) is no length of time from above 0 to 3600 seconds")
        }
        _ = try address()
    }

    private func arguments() throws -> [SensorArgument] {
        do {
            return try sensor.map { text throws(SensorArgument.Fault) in try SensorArgument(text) }
        } catch {
            throw ValidationError("\(error)")
        }
    }

    private func address() throws -> ListenAddress {
        guard let address = ListenAddress(listen) else {
            throw ValidationError(
                "--listen '\(listen)' is no address and port; write for example 127.0.0.1:9798 or [::1]:9798"
            )
        }
        guard address.isLoopback || listenAnywhere else {
            throw ValidationError(
                "--listen \(listen) would let other hosts read everything; add --listen-anywhere where that is meant, or "
                    + "put a proxy that asks for passwords before a loopback address"
            )
        }
        return address
    }

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let engine = Engine(
            Engine.Settings(
                sensors: try arguments(),
                segments: try givenSegments(),
                patience: TimeSpan(nanoseconds: Int64(patience * 1_000_000_000)),
                version: Self.configuration.version
            )
        )
        do {
            try engine.start()
        } catch {
            throw Self.failed("\(error.path): \(error.detail)")
        }
        do {
            try await WallServer(engine, at: try address()).run()
        } catch {
            engine.stop()
            throw Self.failed("\(listen): \(error)")
        }
        engine.stop()
    }

    private func givenSegments() throws -> GivenSegments {
        guard let path = segments else { return GivenSegments() }
        do {
            let bytes = try OpenFile(reading: path).readAll(atMost: GivenSegments.mostBytes + 1)
            guard bytes.count <= GivenSegments.mostBytes else {
                throw Self.failed("\(path): this is no file of segments: it is larger than 1 MiB")
            }
            return try GivenSegments(parsing: String(decoding: bytes, as: UTF8.self), name: path)
        } catch let error as CaptureError {
            throw Self.failed("\(path): the file of segments cannot be read: \(error.detail)")
        } catch let error as GivenSegments.ParseError {
            throw Self.failed("\(error)")
        }
    }

    /// Says why the server could not start.
    private static func failed(_ message: String) -> ExitCode {
        Announcement.complain(message)
        return ExitCode(3)
    }
}
