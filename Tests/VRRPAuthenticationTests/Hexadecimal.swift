/// Bytes from hexadecimal digits.
func bytes(_ hexadecimal: String) -> [UInt8] {
    let values = hexadecimal.compactMap(\.hexDigitValue)
    return stride(from: 0, to: values.count - 1, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
}
