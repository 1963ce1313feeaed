import Synchronization

/// What several tasks of a test found, in the order in which they told it.
package final class Collected<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    /// Nothing yet.
    package init() {}

    /// Everything so far.
    package var all: [Element] { elements.withLock { $0 } }

    /// Adds one.
    package func add(_ element: Element) { elements.withLock { $0.append(element) } }
}
