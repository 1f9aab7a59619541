internal import Glibc
package import VRRPWire

/// The time zone that `TZ` or the system names, as the C library reads it.
package struct LocalTime: Sendable {
    /// The name of the zone as people know it.
    package let name: String

    private static let folder = "/usr/share/zoneinfo"

    /// Reads the zone, while its file may still be read.
    package init() {
        tzset()
        name = Self.name(variable: environmentVariable("TZ"), link: FileType.target(ofLink: "/etc/localtime"))
    }

    /// Makes a named zone that of this process, as if `TZ` had named it; `nil` where the system has no such zone.
    ///
    /// It has to be called before there are other threads, for the C library keeps one zone for all.
    package init?(named name: String) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(""), !parts.contains(".."), !parts.contains(".") else { return nil }
        let folder = environmentVariable("TZDIR") ?? Self.folder
        // RFC 9636 section 3.1: a file of a zone begins with these four bytes.
        guard FileType(of: "\(folder)/\(name)") == .regular, let file = try? OpenFile(reading: "\(folder)/\(name)"),
            let start = try? file.readAll(atMost: 4), start == Array("TZif".utf8)
        else { return nil }
        guard unsafe setenv("TZ", ":\(folder)/\(name)", 1) == 0 else { return nil }
        tzset()
        self.name = name
    }

    /// The name of the zone that a value of `TZ` sets, or else a link of the system to the file of its zone.
    static func name(variable: String?, link: String?) -> String {
        guard let variable else {
            let parts = link?.split(separator: "/") ?? []
            guard let folder = parts.lastIndex(of: "zoneinfo"), folder + 1 < parts.count else {
                return link == nil ? "UTC" : "local time"
            }
            return parts[(folder + 1)...].joined(separator: "/")
        }
        let name = variable.hasPrefix(":") ? String(variable.dropFirst()) : variable
        if name.isEmpty { return "UTC" }
        return name.hasPrefix(folder + "/") ? String(name.dropFirst(folder.utf8.count + 1)) : name
    }

    /// The time by which its clocks are ahead of UTC at an instant.
    package func secondsFromUTC(at instant: CaptureInstant) -> Int {
        var seconds = time_t(instant.nanoseconds / 1_000_000_000)
        var parts = unsafe tm()
        // It fails only for years that no int holds.
        guard unsafe localtime_r(&seconds, &parts) != nil else { return 0 }
        return unsafe parts.tm_gmtoff
    }
}
