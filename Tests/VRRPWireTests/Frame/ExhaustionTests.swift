import Testing
import VRRPWire

@Suite struct ExhaustionTests {
    @Test("a frame that the capture cut short accuses nobody", arguments: Vector.all)
    func prefixes(of vector: Vector) {
        let whole = Reading(vector.frame)
        #expect(whole.stop == nil)
        for length in vector.frame.indices {
            let reading = Reading(Array(vector.frame.prefix(length)))
            if let stop = reading.stop {
                #expect(stop.blamesCapture, "\(length) bytes: \(stop)")
                guard case .truncated(let needed, let available, .capture) = stop.reason else {
                    Issue.record("\(length) bytes: \(stop)")
                    continue
                }
                #expect(needed > available)
            } else if reading.isRelevant {
                // What is missing is behind all that matters: a trailer, a digest, an option.
                #expect(reading.ip == whole.ip)
                #expect(vector.frame.count - length <= 28, "\(length) bytes")
            } else {
                // Not even the type of an ICMPv6 message is there, so it may be any.
                #expect(vector.name == "neighbor advertisement" && length == 54)
            }
            #expect(reading.message?.checksumKind != .invalid, "\(length) bytes")
        }
    }

    @Test("no single byte, whatever its value, makes anything trap", arguments: Vector.all)
    func mutations(of vector: Vector) {
        for index in vector.frame.indices {
            var bytes = vector.frame
            for value in UInt8.min...UInt8.max {
                bytes[index] = value
                let reading = Reading(bytes)
                #expect((reading.message?.addresses.count ?? 0) <= 255)
            }
        }
    }

    @Test("no two bytes of the headers, at their extremes, make anything trap", arguments: Vector.all)
    func pairs(of vector: Vector) {
        let extremes: [UInt8] = [0, 1, 0x0f, 0x45, 0x60, 0x7f, 0x80, 0xff]
        for first in 12..<min(vector.frame.count, 58) {
            for second in first + 1..<min(vector.frame.count, 58) {
                var bytes = vector.frame
                for value in extremes {
                    bytes[first] = value
                    bytes[second] = extremes[(first + second + Int(value)) % extremes.count]
                    _ = Reading(bytes)
                }
            }
        }
    }

    @Test("no link type makes anything trap on any prefix")
    func linkTypes() {
        let types = LinkLayer.allCases.map { LinkType($0) } + (2..<9).map { LinkType(rawValue: $0) }
        for vector in Vector.all {
            for type in types {
                for length in vector.frame.indices { _ = Reading(Array(vector.frame.prefix(length)), linkType: type) }
            }
        }
    }
}
