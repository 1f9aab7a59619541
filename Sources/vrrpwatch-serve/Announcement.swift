internal import SystemPackage

/// Lines on standard output and standard error, each written at once.
enum Announcement {
    /// Says where the page is.
    static func say(_ text: String) { write(text, to: .standardOutput) }

    /// Says what is wrong.
    static func complain(_ message: String) { write("vrrpwatch-serve: \(message)", to: .standardError) }

    private static func write(_ line: String, to descriptor: FileDescriptor) {
        // Nobody is there to be told that nobody listens.
        _ = try? descriptor.writeAll("\(line)\n".utf8)
    }
}
