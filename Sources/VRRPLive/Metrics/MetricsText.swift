/// The text format of Prometheus, version 0.0.4, as node_exporter's textfile collector reads it: no timestamps, and all
/// samples of a metric together.
struct MetricsText {
    enum Kind: String {
        case counter, gauge, histogram
    }

    typealias Labels = [(name: String, value: String)]

    private struct Family {
        var header: String
        var samples: [String] = []
    }

    /// In order of their first sample.
    private var families: [Family] = []
    private var positions: [String: Int] = [:]

    /// Declares a metric, which then is printed also where it has no sample.
    mutating func declare(_ name: String, _ kind: Kind, _ help: String) {
        guard positions[name] == nil else { return }
        positions[name] = families.count
        let help = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        families.append(Family(header: "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"))
    }

    /// Adds a sample of a declared metric; `suffix` is that of a histogram's parts.
    mutating func add(_ name: String, _ labels: Labels, _ value: String, suffix: String = "") {
        guard let position = positions[name] else { return }
        // An empty label is the same as none.
        let shown = labels.filter { !$0.value.isEmpty }.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }
        let braces = shown.isEmpty ? "" : "{\(shown.joined(separator: ","))}"
        families[position].samples.append("\(name)\(suffix)\(braces) \(value)\n")
    }

    var text: String {
        families.map { $0.header + $0.samples.joined() }.joined()
    }

    /// A label's value: backslash, quote and line feed are escaped, other control characters are left out of the line.
    private static func escaped(_ value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f: result += "\u{fffd}"
            case _: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
