internal import Crypto
internal import VRRPCapture
internal import VRRPFacts

extension [CaptureDescription] {
    /// The descriptions with the SHA-256 of their files, where a file can be read again, as a pipe cannot.
    var withHashes: Self {
        var known: [String: String?] = [:]
        return map { description in
            var description = description
            // A file of several captures is read once.
            let hash = known[description.source] ?? Self.hash(ofFile: description.source)
            known[description.source] = .some(hash)
            description.sha256 = hash
            return description
        }
    }

    private static func hash(ofFile path: String) -> String? {
        // A file that cannot be read has no hash.
        guard path != "-", FileType(of: path) == .regular, let file = try? OpenFile(reading: path) else { return nil }
        var hash = SHA256()
        while let part = try? file.read(atMost: 1 << 20), !part.isEmpty { hash.update(data: part) }
        return hash.finalize().map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
