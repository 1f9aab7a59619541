extension Unicode.Scalar {
    /// Whether showing this changes more than itself.
    ///
    /// These are DEL, C1 controls, line separators and the controls of writing direction (Unicode Standard Annex 9). C0
    /// controls are the caller's business.
    package var isUnsafeInOutput: Bool {
        switch value {
        case 0x7f...0x9f, 0x061c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
        default: false
        }
    }
}
