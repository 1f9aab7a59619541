internal import ArgumentParser
internal import VRRPBundle
internal import VRRPConfiguration
internal import VRRPFindings

/// The configurations that the traffic is compared with.
struct ConfigurationOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Compare the traffic with a router's keepalived.conf or FRR configuration; can be repeated.",
            valueName: "conf"
        ),
        completion: .file()
    )
    var config: [String] = []

    /// Reads the configurations, and reports damaged ones on standard error.
    ///
    /// - Throws: ``Failure`` with status 3 for one that cannot be read.
    func read() throws -> Given {
        try Given(ConfigurationFolder.routers(config))
    }

    /// The options as they are given.
    var words: [String] { config.flatMap { ["--config", $0] } }

    /// The configurations as they were read.
    struct Given {
        private(set) var expectation: Expectation
        /// Whether a text is damaged, so that it may have been misread.
        private(set) var isDamaged: Bool

        init(_ routers: [RouterConfiguration]) {
            expectation = Expectation(routers)
            let problems = routers.flatMap(\.problems).filter { $0.kind == .syntax || $0.kind == .dialect }
            for problem in problems { Diagnostics.say("\(problem.location): \(problem.message)") }
            isDamaged = !problems.isEmpty
        }

        /// Adds the configurations that bundles hold.
        mutating func add(_ bundles: [BundleFile]) {
            guard !bundles.isEmpty else { return }
            let further = Self(bundles.flatMap { $0.bundle.configurations(of: $0.name) })
            var routers = expectation.routers + further.expectation.routers
            if bundles.contains(where: { $0.bundle.contents.isMasked }) { Self.mask(&routers) }
            ConfigurationReader.distinguish(&routers)
            expectation = Expectation(routers)
            isDamaged = isDamaged || further.isDamaged
        }

        /// Puts stand-ins in the place of passwords, as in the frames that they are held against.
        private static func mask(_ routers: inout [RouterConfiguration]) {
            var mask = SecretMask()
            for router in routers.indices {
                for index in routers[router].instances.indices {
                    guard case .simpleText(var password) = routers[router].instances[index].authentication,
                        password.secret != 0
                    else { continue }
                    let bytes = stride(from: 56, through: 0, by: -8).map {
                        UInt8(truncatingIfNeeded: password.secret >> $0)
                    }
                    password.secret = ConfiguredPassword(mask.standIn(for: bytes)).secret
                    routers[router].instances[index].authentication = .simpleText(password)
                }
            }
        }
    }
}
