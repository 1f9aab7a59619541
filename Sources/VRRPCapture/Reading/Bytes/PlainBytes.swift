package import VRRPFacts

/// The bytes of a file or a pipe with their compression undone, read in pieces.
package final class PlainBytes {
    private let path: String
    private var source: ByteSource

    /// Opens a file and waits for its first bytes.
    ///
    /// - Throws: ``CaptureError``: `notFound`, `notPermitted`, `isDirectory`, `cannotOpen` or `cannotRead`.
    package init(path: String) throws(CaptureError) {
        self.path = path
        source = try ByteSource(path: path)
    }

    /// The compression that was undone; `nil` for plain bytes.
    package var compression: Compression? { source.compression }

    /// Reads what is there, waiting until there is something.
    ///
    /// - Parameter count: the most bytes, at least 1.
    /// - Returns: the bytes; none at the end.
    /// - Throws: ``CaptureError`` with `cannotRead`, or with `damagedStream` where the compressed stream is damaged.
    package func read(upTo count: Int) throws(CaptureError) -> [UInt8] {
        var result = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, length in
            guard let start = buffer.baseAddress else { return }
            result = unsafe source.read(into: start, count: count)
            length = max(0, result)
        }
        guard result >= 0 else {
            let failure = CInt(clamping: -result)
            throw CaptureError(.cannotRead, path: path, detail: systemMessage(failure), systemError: failure)
        }
        if bytes.isEmpty, let damage = source.damage {
            throw CaptureError(.damagedStream, path: path, detail: damage.message, offset: damage.offset)
        }
        return bytes
    }
}
