import Monitoring
import ServerGateway

extension GatewayMetrics {
    /// Copies the data plane's counters into the registry; call before it is read.
    package func export(to metrics: MetricsRecorder) {
        let now = snapshot
        for (status, count) in now.answers {
            metrics.total(
                "buckler_gateway_answers_total", help: "Answers of the upstream.", labels: [("status", status)],
                to: Double(count))
        }
        metrics.total(
            "buckler_gateway_refusals_total", help: "Requests that the gateway refused.", to: Double(now.refusals))
        metrics.total(
            "buckler_own_requests_total", help: "Requests for our own endpoints.", to: Double(now.ownRequests))
        metrics.total(
            "buckler_upstream_connections_total", help: "Connections opened to the upstream.",
            to: Double(now.upstreamConnections))
        metrics.total(
            "buckler_upstream_retries_total", help: "Requests repeated on a new connection.",
            to: Double(now.upstreamRetries))
        metrics.total(
            "buckler_cut_exchanges_total", help: "Exchanges cut because their session ended.",
            to: Double(now.cutExchanges))
        metrics.gauge("buckler_open_connections", help: "Connections of clients.", to: Double(now.openConnections))
        metrics.gauge("buckler_open_exchanges", help: "Exchanges with the upstream.", to: Double(now.openExchanges))
    }
}
