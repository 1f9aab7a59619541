import VRRPBundle
import VRRPCapture
import VRRPConfiguration
import VRRPFacts
import VRRPTestimony
import VRRPWire

/// Reads a bundle and all that is made of its members.
///
/// The first byte tells what the others are: with its lowest bit an archive, without it the members of one, each a line with
/// its name behind a tilde and the lines of its content. The checksums of archives are beyond a fuzzer, so it seldom finds
/// its way to the members without that.
func exerciseBundle(_ bytes: Span<UInt8>) {
    guard bytes.count > 0 else { return }
    let input = (1..<bytes.count).map { bytes[$0] }
    let archive = bytes[0] & 1 != 0 ? input : archived(input)
    var place = 0
    // Pipes deliver in pieces.
    let piece = max(1, Int(bytes[0] >> 1) * 8)
    let read = { (count: Int) throws(BundleError) -> [UInt8] in
        let part = Array(archive[place..<min(archive.count, place + min(count, piece))])
        place += part.count
        return part
    }
    guard let bundle = try? RouterBundle(read) else { return }
    precondition(bundle.packets.count <= archive.count)
    precondition(bundle.texts.values.allSatisfy { $0.utf8.count <= 3 * archive.count })
    precondition(bundle.remarks.allSatisfy { !$0.isEmpty })
    let state = bundle.state
    precondition(state.interfaces == bundle.contents.interfaces)
    precondition(
        Set(state.strictInterfaces).isSubset(of: state.interfaces) && state.networks.count <= state.addresses.count
    )
    for configuration in bundle.configurations(of: "node1") { precondition(configuration.name == "node1") }
    for log in bundle.logs {
        let testimonies = TestimonyReader.read(log.text)
        precondition(!testimonies.isEmpty && testimonies.count <= Testimony.mostHosts)
    }
    guard let file = try? CaptureFile(bytes: bundle.packets, path: "fuzz") else { return }
    while file.advance() {}
    precondition(file.summary.bytes <= UInt64(bundle.packets.count))
}

/// An archive of the members in a text.
private func archived(_ text: [UInt8]) -> [UInt8] {
    var writer = TarWriter()
    var (name, content): (String, [UInt8]) = (BundleContents.memberName, [])
    for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        guard line.first == UInt8(ascii: "~") else {
            content += line + [UInt8(ascii: "\n")]
            continue
        }
        writer.append(name, content, time: 0)
        (name, content) = (String(decoding: line.dropFirst(), as: UTF8.self), [])
    }
    writer.append(name, content, time: 0)
    writer.finish()
    return writer.bytes
}
