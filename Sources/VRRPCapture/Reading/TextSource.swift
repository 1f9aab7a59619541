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
        var source = try ByteSource(path: path)
        var piece = [UInt8](repeating: 0, count: pieceSize)
        while true {
            let count = unsafe piece.withUnsafeMutableBufferPointer { buffer in
                guard let start = buffer.baseAddress else { return 0 }
                return unsafe source.read(into: start, count: pieceSize)
            }
            guard count >= 0 else {
                let number = CInt(-count)
                throw CaptureError(.cannotRead, path: path, detail: systemMessage(number), systemError: number)
            }
            guard count > 0 else { return source.damage?.message }
            take(piece[..<count])
        }
    }
}
