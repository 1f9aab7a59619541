internal import VRRPFacts

extension String {
    /// The text with nothing in it that a terminal would act on: controls, and bytes of names that are no UTF-8, become `\xNN`,
    /// others `\u{NNNN}`.
    ///
    /// All text from packets, contents of files and names of files goes through here on its way to the reader. A
    /// backslash is doubled, so that the result is unambiguous.
    package var escapedForTerminal: String {
        let isHarmless = unicodeScalars.allSatisfy {
            $0.value >= 0x20 && $0 != "\\" && !$0.isUnsafeInOutput && NameBytes.byte(of: $0) == nil
        }
        guard !isHarmless else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if scalar == "\\" {
                text += "\\\\"
            } else if let byte = NameBytes.byte(of: scalar) {
                text += "\\x" + hexadecimal(UInt64(byte), digits: 2)
            } else if scalar.value < 0x20 || 0x7f...0x9f ~= scalar.value {
                text += "\\x" + hexadecimal(UInt64(scalar.value), digits: 2)
            } else if scalar.isUnsafeInOutput {
                text += "\\u{" + hexadecimal(UInt64(scalar.value), digits: 4) + "}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

/// A number in lower-case hexadecimal with at least so many digits.
func hexadecimal(_ value: UInt64, digits: Int) -> String {
    padded(String(value, radix: 16), to: digits)
}

/// A number in decimal with at least so many digits.
func decimal(_ value: some BinaryInteger, digits: Int) -> String {
    padded(String(value), to: digits)
}

private func padded(_ text: String, to digits: Int) -> String {
    text.utf8.count >= digits ? text : String(repeating: "0", count: digits - text.utf8.count) + text
}
