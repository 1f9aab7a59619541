internal import ArgumentParser
internal import VRRPCapture
internal import VRRPTracker

/// The names of the network's segments.
struct SegmentOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "Tell segments by the names in a file, with lines such as site-a/eth0/vlan10 = \"berlin-dmz\": sensor, interface "
                + "and VLAN. Segments of sensors that have no name there are each sensor's own.",
            valueName: "file"
        ),
        completion: .file()
    )
    var segments: String?

    /// Reads the file; `nil` where none is named.
    ///
    /// - Throws: ``Failure`` with status 3 where the file cannot be read, or a line means nothing.
    func read() throws -> GivenSegments? {
        guard let path = segments else { return nil }
        let bytes: [UInt8]
        do throws(CaptureError) {
            // One byte more than the limit reveals a file that is too large.
            bytes = try OpenFile(reading: path).readAll(atMost: GivenSegments.mostBytes + 1)
        } catch {
            throw Failure(.couldNotStart, "\(path): the file of segments cannot be read: \(error.detail)")
        }
        guard bytes.count <= GivenSegments.mostBytes else {
            throw Failure(.couldNotStart, "\(path): this is no file of segments: it is larger than 1 MiB")
        }
        do throws(GivenSegments.ParseError) {
            return try GivenSegments(parsing: String(decoding: bytes, as: UTF8.self), name: path)
        } catch {
            throw Failure(.couldNotStart, "\(error)")
        }
    }

    /// Throws ``Failure`` with status 64 where a file of segments was given for interfaces.
    func refuseForInterfaces() throws {
        guard segments != nil else { return }
        throw Failure.usage("--segments is for capture files; a watch names the interfaces of one sensor as they are")
    }

    /// The options as they are given.
    var words: [String] { segments.map { ["--segments", $0] } ?? [] }
}
