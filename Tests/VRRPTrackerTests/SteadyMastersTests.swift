import Testing
@testable import VRRPTracker
import VRRPWire

/// The table of masters that repeat themselves.
@Suite struct SteadyMastersTests {
    /// An advertisement of a virtual router by one of its two routers.
    private static func frame(_ virtualRouter: Int, router: UInt8, addresses: Int = 1) -> [UInt8] {
        let (vlan, vrid) = (1 + virtualRouter / 250, 1 + virtualRouter % 250)
        let number = [UInt8(virtualRouter >> 8), UInt8(virtualRouter & 255)]
        let link: [UInt8] =
            [1, 0, 0x5e, 0, 0, 18, 2, router, 0, 0] + number + [0x81, 0, UInt8(vlan >> 8), UInt8(vlan & 255)]
        let length = UInt8(36 + 4 * addresses)
        let header: [UInt8] = [8, 0, 0x45, 0xc0, 0, length, 0, 1, 0, 0, 255, 112, 0, 0, 172, 16] + number
        let message: [UInt8] = [0x21, UInt8(vrid), 100, UInt8(addresses), 0, 1, 0, 0]
        return link + header + [224, 0, 0, 18] + message + [UInt8](repeating: router, count: 4 * addresses + 8)
    }

    private static func master(_ frame: [UInt8], of virtualRouter: Int) throws -> SteadyMaster {
        var master = SteadyMaster()
        let steadyFrame = SteadyFrame(frame.span, interface: 0)
        master.frame = try #require(steadyFrame)
        master.virtualRouter = virtualRouter
        master.source = SteadyMaster.Source(
            Sighting(FrameReference(capture: 0, frame: 1), at: .distantPast, interface: 0)
        )
        return master
    }

    @Test func eachOfThousandsFindsItsPlace() throws {
        var masters = SteadyMasters()
        var places = [Int?](repeating: nil, count: 6000)
        for router in [1, 2, 1] as [UInt8] {
            for number in places.indices {
                let frame = Self.frame(number, router: router)
                let place = masters.expect(try Self.master(frame, of: number), frame.span)
                #expect(place != nil, "\(number) \(router)")
                #expect(places[number] == nil || places[number] == place)
                places[number] = place
                #expect(masters.handBack(number) != nil)
            }
        }
        #expect(masters.expectedCount == 0)
    }

    /// The orders skip some, take turns and go back; silent ones are never found.
    @Test(arguments: [1, 2, 3, 7, 100, 209, 210])
    func eachIsFoundWhoeverWasHeardBefore(step: Int) throws {
        var masters = SteadyMasters()
        let frames = (0..<211).map { Self.frame($0, router: 1) }
        var places: [Int?] = []
        for (number, frame) in frames.enumerated() {
            places.append(masters.expect(try Self.master(frame, of: number), frame.span))
        }
        let sighting = Sighting(FrameReference(capture: 0, frame: 2), at: .distantPast, interface: 0)
        for silent in [5, 6, 100] { #expect(masters.handBack(silent) != nil) }
        for turn in 0..<3 * frames.count {
            let number = turn * step % frames.count
            let frame = frames[number]
            let found = masters.position(of: frame.span, sighting)
            #expect(found == ([5, 6, 100].contains(number) ? nil : places[number]), "\(number) after \(turn) turns")
        }
    }

    @Test func aMasterWithMoreAddressesTakesThePlaceOfOneWithFewer() throws {
        var masters = SteadyMasters()
        var place: Int?
        // The neighbour's frame must survive what is written beside it.
        let neighbour = Self.frame(7, router: 1)
        let neighboursPlace = masters.expect(try Self.master(neighbour, of: 7), neighbour.span)
        for addresses in [1, 5, 2, 20, 30, 3] {
            let frame = Self.frame(1, router: 1, addresses: addresses)
            place = masters.expect(try Self.master(frame, of: 1), frame.span)
            #expect(place != nil && place != neighboursPlace)
            let sighting = Sighting(FrameReference(capture: 0, frame: 2), at: .distantPast, interface: 0)
            #expect(masters.position(of: frame.span, sighting) == place)
            #expect(masters.position(of: neighbour.span, sighting) == neighboursPlace)
            var changed = frame
            changed[frame.count - 1] ^= 1
            #expect(masters.position(of: changed.span, sighting) == nil)
        }
    }
}
