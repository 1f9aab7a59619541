/// The version of the programs, which is the same for all.
package enum ProgramVersion {
    /// Major, minor and patch with points between them; `.ci/version` reads this line.
    package static let current = "0.1.0"
}
