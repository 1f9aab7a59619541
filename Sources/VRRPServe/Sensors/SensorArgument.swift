internal import VRRPCapture

/// A sensor as the command line names it: `lab=/run/lab.fifo`.
package struct SensorArgument: Hashable, Sendable {
    /// The source of a sensor's stream.
    package enum Source: Hashable, Sendable {
        /// A file, a FIFO, or a directory in which the files of a ring grow.
        case path(String)
        /// A program whose standard output is the stream, with its arguments.
        case program([String])
    }

    /// The reason why an argument is none.
    package struct Fault: Error, Hashable, CustomStringConvertible {
        package var description: String
    }

    package let name: String
    package let source: Source

    private static let example = "write for example --sensor lab=/run/lab.fifo"

    /// Reads an argument of `--sensor`.
    ///
    /// - Throws: ``Fault`` where it names no sensor or no source.
    package init(_ text: String) throws(Fault) {
        guard let sign = text.firstIndex(of: "=") else {
            throw Fault(description: "--sensor '\(text)' does not name a sensor and a source; \(Self.example)")
        }
        let (name, rest) = (text[..<sign], text[text.index(after: sign)...])
        guard Sensor.isName(name) else {
            throw Fault(
                description:
                    "--sensor '\(text)': '\(name)' is no name of a sensor; use letters, digits, '.', '_' and '-'"
            )
        }
        self.name = String(name)
        if rest.hasPrefix("exec:") {
            let words = rest.dropFirst(5).split(separator: " ").map(String.init)
            guard !words.isEmpty else { throw Fault(description: "--sensor '\(text)' names no program behind exec:") }
            source = .program(words)
        } else if rest.hasPrefix("ssh://") {
            source = .program(try Self.ssh(rest.dropFirst(6), of: text, name))
        } else if !rest.isEmpty {
            source = .path(String(rest))
        } else {
            throw Fault(description: "--sensor '\(text)' names no source; \(Self.example)")
        }
    }

    /// The words that start a watch on another host.
    ///
    /// Of the address nothing may be an option of ssh, and nothing of the interface a word of the other host's shell.
    private static func ssh(_ address: Substring, of text: String, _ name: Substring) throws(Fault) -> [String] {
        let parts = address.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty else {
            throw Fault(
                description: "--sensor '\(text)' does not name a host and an interface; write ssh://watcher@host/eth0"
            )
        }
        let interface = parts[1]
        var host = parts[0]
        var port: [String] = []
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            let digits = host[host.index(after: colon)...]
            guard let number = UInt16(digits), number > 0 else {
                throw Fault(description: "--sensor '\(text)': '\(digits)' is no port")
            }
            port = ["-p", String(number)]
            host = host[..<colon]
        }
        let isPlain = { (part: Substring) in !part.isEmpty && part.first != "-" && part.utf8.allSatisfy(isPlainByte) }
        guard isPlain(host), isPlain(interface) else {
            throw Fault(
                description:
                    "--sensor '\(text)': a host or an interface may have letters, digits and . _ - @ : [ ] in its name, "
                    + "and begins with no -"
            )
        }
        // Nobody is there to be asked for a password, and a connection that is dead must end.
        let options = ["-T", "-o", "BatchMode=yes", "-o", "ServerAliveInterval=5", "-o", "ServerAliveCountMax=2"]
        return ["ssh"] + options + port
            + ["--", host.filter { $0 != "[" && $0 != "]" }]
            + ["vrrpwatch", "watch", String(interface), "-q", "-w", "-", "--sensor", String(name)]
    }

    private static func isPlainByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 45, 46, 48...58, 64...91, 93, 95, 97...122: true
        default: false
        }
    }
}
