internal import VRRPBundle
internal import VRRPCapture
internal import VRRPFacts
internal import VRRPWire

/// A bundle among the files of an observation.
struct BundleFile {
    var path: String
    /// The name that stands for its router, told apart from those of other routers.
    var name: String
    var bundle: RouterBundle

    /// Reads a file; `nil` where it is no bundle.
    static func read(_ path: String) -> RouterBundle? {
        // Whoever asks has an error already, about the same file.
        guard let file = try? PlainBytes(path: path) else { return nil }
        return try? RouterBundle { count throws(BundleError) in
            do throws(CaptureError) {
                return try file.read(upTo: count)
            } catch {
                throw BundleError(error.detail)
            }
        }
    }

    /// The bundles of files, by names that tell routers apart.
    ///
    /// Hosts that were made of one image may have one name; their interfaces have different MAC addresses.
    ///
    /// - Parameters:
    ///   - files: the bundles by their paths, in order.
    ///   - given: the names that were said to be those of paths.
    /// - Returns: the bundles, in the same order.
    static func named(_ files: [(path: String, bundle: RouterBundle)], _ given: [String: String]) -> [BundleFile] {
        var named: [BundleFile] = []
        for (path, bundle) in files {
            var name = given[path] ?? bundle.contents.name
            let state = bundle.state
            let isTaken = named.contains { $0.name == name && $0.bundle.state.macs != state.macs }
            if given[path] == nil, isTaken || name.isEmpty {
                name += name.isEmpty ? path : " (\(state.addresses.first?.description ?? path))"
            }
            named.append(BundleFile(path: path, name: name, bundle: bundle))
        }
        return named
    }
}
