import Testing
import VRRPTracker

/// The file that names segments: its errors say what to write instead, and where.
@Suite struct GivenSegmentsTests {
    @Test func commentsBlanksAndQuotesAreRead() throws {
        let given = try GivenSegments(
            parsing: """
                # Berlin
                site-a/eth0/vlan10 = "berlin-dmz" # the trunk
                  site-a/eth1="berlin-lan"

                site-b/*/vxlan:5001/vlan10.20 = "paris.overlay_1"
                """,
            name: "segments"
        )
        #expect(given.names(sensor: "site-a"))
        #expect(given.names(sensor: "site-b"))
        #expect(!given.names(sensor: "site-c"))
    }

    @Test(
        "an error names the file, the line and the mend",
        arguments: [
            ("site-a/eth0", "there is no = in this line"),
            ("site-a = \"x\"", "'site-a' names no sensor and interface"),
            ("site-a//vlan10 = \"x\"", "'site-a//vlan10' names no sensor and interface"),
            ("site-a/eth0/vlan4095 = \"x\"", "'vlan4095' is no segment of an interface"),
            ("site-a/eth0/vlan010 = \"x\"", "'vlan010' is no segment of an interface"),
            ("site-a/eth0/lan = \"x\"", "'lan' is no segment of an interface"),
            ("site-a/eth0 = x", "the name of the segment is not in quotation marks"),
            ("site-a/eth0 = \"x", "the name of the segment is not in quotation marks"),
            ("site-a/eth0 = \"a/b\"", "'a/b' is no name of a segment"),
            ("site-a/eth0 = \"\"", "'' is no name of a segment"),
            ("site-a/eth0 = \"x\" y", "'y' stands behind the name"),
            ("site-a/eth1/untagged = \"y\"", "line 1 calls this segment \"first\""),
        ]
    )
    func errors(line: String, reason: String) {
        #expect {
            try GivenSegments(parsing: "site-a/eth1 = \"first\"\n\(line)\n", name: "segments")
        } throws: { error in
            "\(error)".hasPrefix("segments:2: \(reason)")
        }
    }

    @Test func aLineMayStandTwice() throws {
        _ = try GivenSegments(parsing: "a/b = \"c\"\r\na/b = \"c\"\r\n", name: "segments")
    }
}
