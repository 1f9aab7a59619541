/// The text format of Prometheus, version 0.0.4, as node_exporter's textfile collector reads it: no timestamps, and all
/// samples of a metric together.
struct MetricsText {
    enum Kind: String {
        case counter, gauge, histogram
    }

    /// The labels of a sample as they are printed: what many samples share is put together once.
    struct Labels: ExpressibleByDictionaryLiteral, Hashable, Comparable {
        fileprivate var text = ""

        init(dictionaryLiteral labels: (String, String)...) {
            // An empty label is the same as none.
            for (name, value) in labels where !value.isEmpty {
                if !text.isEmpty { text += "," }
                text += name
                text += "=\""
                text += MetricsText.escaped(value)
                text += "\""
            }
        }

        static func < (one: Self, other: Self) -> Bool { one.text < other.text }

        static func + (labels: Self, more: Self) -> Self {
            guard !labels.text.isEmpty, !more.text.isEmpty else { return labels.text.isEmpty ? more : labels }
            var sum = labels
            sum.text += ","
            sum.text += more.text
            return sum
        }
    }

    /// The header of each metric with a line for each sample, in the order of their declaration.
    private var families: [String] = []
    private var positions: [String: Int] = [:]

    /// Declares a metric, which then is printed also where it has no sample.
    mutating func declare(_ name: String, _ kind: Kind, _ help: String) {
        guard positions[name] == nil else { return }
        positions[name] = families.count
        let help = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        families.append("# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n")
    }

    /// Adds a sample of a declared metric; `suffix` is that of a histogram's parts.
    mutating func add(_ name: String, _ labels: Labels, _ value: String, suffix: String = "") {
        guard let position = positions[name] else { return }
        let braces = labels.text.isEmpty ? ("", "") : ("{", "}")
        for part in [name, suffix, braces.0, labels.text, braces.1, " ", value, "\n"] {
            families[position] += part
        }
    }

    var text: String {
        families.joined()
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
