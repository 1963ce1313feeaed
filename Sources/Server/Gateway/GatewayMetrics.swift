import Synchronization

/// Counters of the data plane: plain atomics, since every request passes them.
package final class GatewayMetrics: Sendable {
    private let success = Atomic<Int>(0)
    private let redirection = Atomic<Int>(0)
    private let clientError = Atomic<Int>(0)
    private let serverError = Atomic<Int>(0)
    let refusals = Atomic<Int>(0)
    let ownRequests = Atomic<Int>(0)
    let openConnections = Atomic<Int>(0)
    let openExchanges = Atomic<Int>(0)
    let upstreamConnections = Atomic<Int>(0)
    let upstreamRetries = Atomic<Int>(0)
    let cutExchanges = Atomic<Int>(0)

    /// Makes counters at zero.
    package init() {}

    /// The counters at one moment.
    package struct Snapshot: Sendable, Hashable {
        /// Upstream answers by `2xx` … `5xx`.
        package var answers: [String: Int]
        /// Requests refused by the gateway itself.
        package var refusals: Int
        /// Requests for our own endpoints.
        package var ownRequests: Int
        /// Open connections of clients.
        package var openConnections: Int
        /// Open exchanges with the upstream.
        package var openExchanges: Int
        /// Connections that were opened to the upstream.
        package var upstreamConnections: Int
        /// Requests repeated because an idle connection had been closed under them.
        package var upstreamRetries: Int
        /// Exchanges cut because their session ended.
        package var cutExchanges: Int
    }

    /// Reads all counters; they may be a request apart.
    package var snapshot: Snapshot {
        Snapshot(
            answers: [
                "2xx": success.load(ordering: .relaxed), "3xx": redirection.load(ordering: .relaxed),
                "4xx": clientError.load(ordering: .relaxed), "5xx": serverError.load(ordering: .relaxed),
            ],
            refusals: refusals.load(ordering: .relaxed), ownRequests: ownRequests.load(ordering: .relaxed),
            openConnections: openConnections.load(ordering: .relaxed),
            openExchanges: openExchanges.load(ordering: .relaxed),
            upstreamConnections: upstreamConnections.load(ordering: .relaxed),
            upstreamRetries: upstreamRetries.load(ordering: .relaxed),
            cutExchanges: cutExchanges.load(ordering: .relaxed))
    }

    func countAnswer(_ status: UInt) {
        switch status / 100 {
        case 2: success.add(1, ordering: .relaxed)
        case 3: redirection.add(1, ordering: .relaxed)
        case 4: clientError.add(1, ordering: .relaxed)
        default: serverError.add(1, ordering: .relaxed)
        }
    }
}
