import CZlib
import CZstd

/// One gzip member that holds bytes.
func gzipped(_ bytes: [UInt8], level: CInt = 6) -> [UInt8] {
    var stream = unsafe z_stream()
    // 16 more than the largest window asks zlib for the gzip format.
    let size = unsafe CInt(MemoryLayout<z_stream>.size)
    let status = unsafe deflateInit2_(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size)
    precondition(status == Z_OK)
    defer { unsafe deflateEnd(&stream) }
    var source = bytes
    var result = [UInt8](repeating: 0, count: bytes.count + bytes.count / 100 + 1024)
    let capacity = result.count
    let length = unsafe source.withUnsafeMutableBufferPointer { input in
        unsafe result.withUnsafeMutableBufferPointer { output in
            unsafe stream.next_in = input.baseAddress
            unsafe stream.avail_in = UInt32(input.count)
            unsafe stream.next_out = output.baseAddress
            unsafe stream.avail_out = UInt32(output.count)
            precondition(unsafe deflate(&stream, Z_FINISH) == Z_STREAM_END)
            return unsafe capacity - Int(stream.avail_out)
        }
    }
    return Array(result.prefix(length))
}

/// One zstd frame, with a checksum, that holds bytes.
func zstandard(_ bytes: [UInt8]) -> [UInt8] {
    let context = unsafe ZSTD_createCCtx()
    defer { unsafe ZSTD_freeCCtx(context) }
    unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    var result = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
    let capacity = result.count
    let length = unsafe result.withUnsafeMutableBytes { output in
        unsafe bytes.withUnsafeBytes { input in
            unsafe ZSTD_compress2(context, output.baseAddress, capacity, input.baseAddress, input.count)
        }
    }
    precondition(ZSTD_isError(length) == 0)
    return Array(result.prefix(length))
}
