package import VRRPFacts

/// The captures that an extract was made of, in the shape of `vrrpwatch.extract/1`.
package struct ExtractSummary: Sendable {
    /// A capture that was read.
    package struct Input: Sendable {
        package var description: CaptureDescription
        /// The sensor that captured; `nil` where nothing names it.
        package var sensor: String?
        /// The packets of the capture that the extract holds whole.
        package var kept: Int

        package init(_ description: CaptureDescription, sensor: String?, kept: Int) {
            self.description = description
            self.sensor = sensor
            self.kept = kept
        }
    }

    /// The version of this program.
    package var version: String
    /// The number of files that were named or found.
    package var files: Int
    /// Bytes of all files, after decompression.
    package var bytes: UInt64
    /// The packets without bytes with which files begin or end.
    package var marks: Int
    package var isDamaged: Bool
    package var inputs: [Input]

    package init(version: String, files: Int, bytes: UInt64, marks: Int, isDamaged: Bool, inputs: [Input]) {
        self.version = version
        self.files = files
        self.bytes = bytes
        self.marks = marks
        self.isDamaged = isDamaged
        self.inputs = inputs
    }

    /// The packets that the extract holds whole.
    private var kept: Int { inputs.reduce(0) { $0 + $1.kept } }
    private var packets: Int { inputs.reduce(0) { $0 + $1.description.packets } }
    package var json: JSONValue {
        .object([
            ("schema", .string("vrrpwatch.extract/1")),
            ("generator", .object([("name", .string("vrrpwatch")), ("version", .string(version))])),
            ("files", JSONValue(files)),
            ("bytes", JSONValue(bytes)),
            ("packets", JSONValue(packets)),
            ("kept", JSONValue(kept)),
            ("marks", JSONValue(marks)),
            ("damaged", .boolean(isDamaged)),
            ("captures", .array(inputs.enumerated().map { $1.json(index: $0) })),
        ])
    }

    /// The same in one line, for people.
    package var sentence: String {
        "read \(Words.count(files, "file")), \(bytes) bytes, \(Words.count(packets, "packet")); kept "
            + Words.count(kept, "packet")
    }
}

extension ExtractSummary.Input {
    fileprivate func json(index: Int) -> JSONValue {
        .object([
            ("index", JSONValue(index)),
            ("source", .string(description.source)),
            ("format", .string(description.format.rawValue)),
            ("compression", JSONValue(description.compression?.rawValue)),
            ("bytes", JSONValue(description.bytes)),
            ("packets", JSONValue(description.packets)),
            ("kept", JSONValue(kept)),
            ("firstPacket", JSONValue(description.firstPacket)),
            ("lastPacket", JSONValue(description.lastPacket)),
            ("sensor", JSONValue(sensor)),
            ("dropped", JSONValue(description.dropped)),
            ("problems", .array(description.listedProblems.map(\.json))),
        ])
    }
}
