/// A text in a file or a pipe, also compressed with gzip or zstd, which is lent piece by piece.
package enum TextSource {
    private static let pieceSize = 64 << 10

    /// Reads a text to its end.
    ///
    /// - Parameters:
    ///   - path: the file or pipe; `-` is standard input.
    ///   - take: takes each piece, in order.
    /// - Returns: the reason why a compressed text ended early, as a sentence; `nil` where it is whole.
    /// - Throws: ``CaptureError`` where it cannot be opened or read.
    package static func read(path: String, _ take: (ArraySlice<UInt8>) -> Void) throws(CaptureError) -> String? {
        let bytes = try PlainBytes(path: path)
        while true {
            let piece: [UInt8]
            do throws(CaptureError) {
                piece = try bytes.read(upTo: pieceSize)
            } catch {
                guard error.code == .damagedStream else { throw error }
                return error.detail
            }
            guard !piece.isEmpty else { return nil }
            take(piece[...])
        }
    }
}
