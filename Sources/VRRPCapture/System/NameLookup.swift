internal import CLinux

/// The places where names of users, hosts, services and protocols are looked up: files below `/etc`, and hosts by DNS as well.
///
/// All else that `/etc/nsswitch.conf` may name (LDAP, systemd) is a library that would have to be loaded, and a program
/// that is linked statically can load only those of the very C library that it was linked with.
package enum NameLookup {
    private static let services = [
        "passwd": "files", "group": "files", "initgroups": "files", "hosts": "files dns", "networks": "files",
        "protocols": "files", "services": "files", "ethers": "files",
    ]

    /// Settles it for this process; to be called before anything is looked up.
    package static func useFiles() {
        for (names, services) in services {
            // It fails only for names that the C library does not know, and these it does not look up.
            _ = unsafe linux_look_up(names, services)
        }
    }
}
