internal import Glibc

/// The machine that this process runs on.
package enum Host {
    /// The longest name (RFC 1123, section 2.1).
    private static let longestName = 255

    /// The host's name as the kernel has it (gethostname(2)); empty where it cannot be had.
    package static var name: String {
        var buffer = [CChar](repeating: 0, count: longestName + 1)
        return unsafe gethostname(&buffer, longestName) == 0 ? text(buffer) : ""
    }
}
