internal import CZstd

/// A compressed copy of bytes in memory, as `zstd` writes it.
package enum ZstandardFrame {
    private static let level: CInt = 9

    /// Compresses bytes into one frame with a checksum of the content, so that damage shows.
    ///
    /// - Throws: ``CaptureError`` with `cannotWrite` where there is no memory.
    package static func compressed(_ bytes: [UInt8], path: String) throws(CaptureError) -> [UInt8] {
        let context = unsafe ZSTD_createCCtx()
        defer { unsafe ZSTD_freeCCtx(context) }
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
        var status = 0
        let most = ZSTD_compressBound(bytes.count)
        let frame = unsafe [UInt8](unsafeUninitializedCapacity: most) { buffer, length in
            status = unsafe bytes.withUnsafeBytes { source in
                unsafe ZSTD_compress2(context, buffer.baseAddress, most, source.baseAddress, source.count)
            }
            length = ZSTD_isError(status) == 0 ? status : 0
        }
        guard ZSTD_isError(status) == 0 else {
            let reason = unsafe String(cString: ZSTD_getErrorName(status))
            throw CaptureError(.cannotWrite, path: path, detail: "The bytes cannot be compressed: \(reason).")
        }
        return frame
    }
}
