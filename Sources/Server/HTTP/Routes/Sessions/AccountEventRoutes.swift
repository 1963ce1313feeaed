import BucklerAPI
import BucklerPrimitives
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle
import Sessions

/// The account's event stream: what a device hears while its app is open (WHATWG HTML §9.2, server-sent events).
package struct AccountEventRoutes: RouteCollection {
    private let listeners: AccountListeners
    private let proofs: ProofGuard
    private let position: @Sendable () async throws(StoreError) -> Int64

    /// Takes the streams, the guard of proofs, and how to ask for the last place in the record of events.
    package init(
        listeners: AccountListeners, proofs: ProofGuard,
        position: @escaping @Sendable () async throws(StoreError) -> Int64
    ) {
        self.listeners = listeners
        self.proofs = proofs
        self.position = position
    }

    /// Registers the endpoint.
    package func register(on router: RouterGroup<AppRequestContext>) { router.get("account/events", use: listen) }

    /// `GET /buckler/account/events` → 200 `text/event-stream`, open until the session ends.
    ///
    /// Events: those of `AccountNotice.Kind`; at last `session_end` with the signed notice (PD-05). A comment line opens the
    /// stream (what commits after it is told) and comes whenever nothing else did for 20 seconds.
    /// Problems: those of a protected route; `server.unavailable` 503.
    @Sendable func listen(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        let active = try proofs.activeSession(request, context)
        let position: Int64
        do { position = try await self.position() } catch {
            throw Problem(.temporarilyUnavailable, retryAfter: .seconds(2))
        }
        let listeners = listeners
        let body = ResponseBody { writer in
            // Here, not before: a body that nobody asks for must not hold a place.
            let listening = listeners.open(active, after: position)
            defer { listening.close() }
            try await writer.write(ByteBuffer(string: Self.comment))
            for await element in listening.elements.cancelOnGracefulShutdown() {
                try await writer.write(ByteBuffer(string: Self.text(element)))
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
    }

    private static let comment = ":\n\n"

    /// One event: its name, its data in one line, an empty line.
    private static func text(_ element: AccountListeners.Element) -> String {
        switch element {
        case .beat: comment
        case .notice(let notice): event(notice.kind.rawValue, notice.json)
        case .ended(let notice): event("session_end", ["session_end": .string(notice)])
        }
    }

    private static func event(_ name: String, _ data: JSONObject) -> String {
        "event: \(name)\ndata: \(JSONValue.object(data).text)\n\n"
    }
}
