internal import ArgumentParser

/// The settings of the interfaces that are captured from.
struct LiveOptions: ParsableArguments, LiveOnlyOptions {
    @Option(
        name: [.customShort("s"), .customLong("snapshot-length")],
        help: ArgumentHelp("Capture this many bytes of each packet.", valueName: "snaplen")
    )
    var snapLength: Int?

    @Option(
        name: [.customShort("B"), .customLong("buffer-size")],
        help: ArgumentHelp("The size of the kernel's buffer in KiB.", valueName: "kib")
    )
    var bufferSize: Int?

    @Flag(name: [.customShort("p"), .customLong("no-promiscuous-mode")], help: "Do not set promiscuous mode.")
    var isNotPromiscuous = false

    func validate() throws {
        if let snapLength, !(64...262_144).contains(snapLength) {
            throw ValidationError("-s is between 64 and 262144 bytes, not \(snapLength)")
        }
        if let bufferSize, !(1...2_097_151).contains(bufferSize) {
            throw ValidationError("-B is between 1 and 2097151 KiB, not \(bufferSize)")
        }
    }

    var given: [String] {
        [snapLength == nil ? nil : "-s", bufferSize == nil ? nil : "-B", isNotPromiscuous ? "-p" : nil]
            .compactMap { $0 }
    }
}
