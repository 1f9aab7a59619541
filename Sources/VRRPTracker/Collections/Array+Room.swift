extension Array {
    /// Makes room for an element, and where there was none for many more than are there.
    ///
    /// Room costs nothing until it is taken; to move thousands of large elements again and again costs much.
    mutating func reserveRoomForOneMore() {
        if count == capacity { reserveCapacity(Swift.max(64, count * 16)) }
    }
}
