/// Texts that are made once a second at most, however many ask for them.
package actor Renderings {
    private struct Entry {
        var made: ContinuousClock.Instant
        var task: Task<String?, Never>
    }

    private let lifetime: Duration
    private var entries: [String: Entry] = [:]

    /// - Parameter lifetime: the time for which a text is given out again.
    package init(lifetime: Duration = .seconds(1)) {
        self.lifetime = lifetime
    }

    /// The text of a name, made now unless it was just made.
    package func text(_ name: String, _ make: @escaping @Sendable () async -> String?) async -> String? {
        let now = ContinuousClock.now
        if let entry = entries[name], now - entry.made < lifetime { return await entry.task.value }
        let task = Task { await make() }
        entries[name] = Entry(made: now, task: task)
        return await task.value
    }
}
