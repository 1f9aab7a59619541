extension RandomAccessCollection where Index == Int {
    /// The position of the first element for which something holds that holds for all behind it as well; ``endIndex`` where it
    /// holds for none.
    @inlinable
    package func partitioningIndex(where holds: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
