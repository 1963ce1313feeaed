import Authentication
import BucklerAPI
import BucklerPrimitives
import HTTPTypes
import Hummingbird
import Sessions

/// A person's own sessions: list them, end one, the others, all.
package struct SessionRoutes: RouteCollection {
    private let sessions: SessionService
    private let proofs: ProofGuard

    /// Takes the service and the guard of proofs.
    package init(sessions: SessionService, proofs: ProofGuard) {
        self.sessions = sessions
        self.proofs = proofs
    }

    /// Claim `/account/sessions…`.
    package func register(on router: RouterGroup<AppRequestContext>) {
        router.get("account/sessions", use: list)
        router.delete("account/sessions/:id", use: end)
        router.post("account/sessions/end-others", use: endOthers)
        router.post("account/sessions/end-all", use: endAll)
    }

    /// `GET /buckler/account/sessions` → 200 `{"sessions":[…]}`, the youngest first.
    ///
    /// Problems: those of a protected route.
    @Sendable func list(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        let active = try proofs.activeSession(request, context)
        let list = try await store { () throws(StoreError) in try await sessions.list(active.token.account) }
        let json = list.map { JSONValue.object(Self.json($0, isCurrent: $0.id == active.token.session)) }
        return JSONResponse.ok(["sessions": .array(json)])
    }

    /// `DELETE /buckler/account/sessions/{id}` → 204.
    ///
    /// Problems: `request.not_found` 404 for a session that is not running or not this account's.
    @Sendable func end(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        let active = try proofs.activeSession(request, context)
        guard let id = context.parameters.get("id").flatMap({ SessionID(parsing: $0) }) else {
            throw Problem(.notFound)
        }
        let reason: SessionEndReason = id == active.token.session ? .signedOut : .endedByPerson
        let hasEnded = try await store { () throws(StoreError) in
            try await sessions.end(
                session: id, of: active.token.account, reason: reason, by: active.token.key, origin: context.origin())
        }
        guard hasEnded else { throw Problem(.notFound) }
        return JSONResponse.noContent()
    }

    /// `POST /buckler/account/sessions/end-others` → 200 `{"ended":n}`.
    @Sendable func endOthers(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        let active = try proofs.activeSession(request, context)
        let count = try await store { () throws(StoreError) in
            try await sessions.endOthers(
                of: active.token.account, keeping: active.token.session, by: active.token.key, origin: context.origin())
        }
        return JSONResponse.ok(["ended": .integer(Int64(count))])
    }

    /// `POST /buckler/account/sessions/end-all` → 200 `{"ended":n}`, this one included.
    @Sendable func endAll(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        let active = try proofs.activeSession(request, context)
        let count = try await store { () throws(StoreError) in
            try await sessions.endAll(
                of: active.token.account, by: active.token.key, origin: context.origin())
        }
        return JSONResponse.ok(["ended": .integer(Int64(count))])
    }

    private func store<Output>(
        _ body: () async throws(StoreError) -> Output
    ) async throws(Problem) -> Output {
        do { return try await body() } catch { throw Problem(.temporarilyUnavailable, retryAfter: .seconds(2)) }
    }

    private static func json(_ session: SessionSummary, isCurrent: Bool) -> JSONObject {
        var json: JSONObject = ["id": .string(session.id.text), "device_id": .string(session.device.text)]
        if let name = session.deviceName { json["device_name"] = .string(name) }
        json["client_id"] = .string(session.client.text)
        json["created_at"] = .integer(session.createdAt.seconds)
        json["last_seen_at"] = .integer(session.lastSeenAt.seconds)
        json["acr"] = .string(session.level.acr)
        json["current"] = .bool(isCurrent)
        return json
    }
}
