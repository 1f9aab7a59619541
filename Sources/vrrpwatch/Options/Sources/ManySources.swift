/// A command that takes sources as arguments.
protocol SourcesCommand: StatusCommand {
    /// The arguments that are sources, in their order.
    var sources: [String] { get set }
}

/// A command line that names very many sources, with one word in the place of most of them.
///
/// The time that swift-argument-parser takes grows with the square of the number of an argument's values
/// (`ParsedValues.update` copies them all for each), which is seconds for ten thousand files of a ring.
struct ManySources {
    /// The number of sources in a row from which on the rest is replaced.
    ///
    /// The first of a row may be the value of an option.
    private static let mostInARow = 64

    /// The arguments to parse.
    private(set) var arguments: [String] = []
    /// The sources that each word stands for.
    private var replaced: [String: ArraySlice<String>] = [:]

    /// Whether nothing was replaced.
    var isEmpty: Bool { replaced.isEmpty }

    /// Replaces the surplus of each long row of arguments that are no options.
    init(in all: [String]) {
        var start = all.startIndex
        while start < all.endIndex {
            let end = all[start...].firstIndex { $0.hasPrefix("-") && $0 != "-" } ?? all.endIndex
            let row = all[start..<end]
            arguments += row.prefix(Self.mostInARow)
            let rest = row.dropFirst(Self.mostInARow)
            if !rest.isEmpty {
                // No argument of a process holds a zero byte.
                let word = "\0\(replaced.count)"
                replaced[word] = rest
                arguments.append(word)
            }
            if end < all.endIndex { arguments.append(all[end]) }
            start = min(end + 1, all.endIndex)
        }
    }

    /// Puts the sources back in the place of the words.
    func restore(_ sources: [String]) -> [String] {
        sources.flatMap { source in replaced[source] ?? [source] }
    }
}
