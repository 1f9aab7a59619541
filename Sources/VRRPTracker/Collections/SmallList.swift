/// A list that mostly holds one element, which then takes no memory of its own.
///
/// A router holds a dozen such lists; as arrays, each would be a separate allocation.
public struct SmallList<Element> {
    @usableFromInline var first: Element?
    @usableFromInline var rest: [Element] = []

    @inlinable
    public init() {}
}

extension SmallList: RandomAccessCollection, MutableCollection {
    @inlinable public var startIndex: Int { 0 }
    @inlinable public var endIndex: Int { first == nil ? 0 : 1 + rest.count }

    @inlinable
    public subscript(position: Int) -> Element {
        get {
            guard position == 0, let first else { return rest[position - 1] }
            return first
        }
        set {
            if position == 0 {
                precondition(first != nil)
                first = newValue
            } else {
                rest[position - 1] = newValue
            }
        }
    }
}

extension SmallList: RangeReplaceableCollection {
    @inlinable
    public mutating func append(_ element: Element) {
        if first == nil { first = element } else { rest.append(element) }
    }

    @inlinable
    public mutating func append(contentsOf elements: some Sequence<Element>) {
        for element in elements { append(element) }
    }

    @inlinable
    @discardableResult
    public mutating func removeFirst() -> Element { remove(at: 0) }

    @inlinable
    @discardableResult
    public mutating func remove(at position: Int) -> Element {
        guard position == 0, let removed = first else { return rest.remove(at: position - 1) }
        first = rest.isEmpty ? nil : rest.removeFirst()
        return removed
    }

    /// Costs no more than to look at the elements where none of them goes.
    @inlinable
    public mutating func removeAll(where isRemoved: (Element) throws -> Bool) rethrows {
        guard try contains(where: isRemoved) else { return }
        self = try filter { try !isRemoved($0) }
    }

    @inlinable
    public mutating func replaceSubrange(_ range: Range<Int>, with elements: some Collection<Element>) {
        var all = Array(self)
        all.replaceSubrange(range, with: elements)
        first = all.first
        rest = Array(all.dropFirst())
    }
}

extension SmallList: ExpressibleByArrayLiteral {
    @inlinable
    public init(arrayLiteral elements: Element...) {
        self.init(elements)
    }
}

extension SmallList: Sendable where Element: Sendable {}
extension SmallList: Equatable where Element: Equatable {
    @inlinable
    public static func == (left: Self, right: Self) -> Bool { left.first == right.first && left.rest == right.rest }
}

extension SmallList: Hashable where Element: Hashable {
    @inlinable
    public func hash(into hasher: inout Hasher) {
        hasher.combine(first)
        hasher.combine(rest)
    }
}
