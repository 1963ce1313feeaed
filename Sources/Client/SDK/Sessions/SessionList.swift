import BucklerPrimitives

/// One session of the account, as its owner sees it.
public struct SessionSummary: Sendable, Hashable, Identifiable {
    /// The session's id.
    public let id: String
    /// The device's id.
    public let device: String?
    /// What its person calls the device.
    public let deviceName: String?
    /// The app.
    public let clientID: String?
    /// When it began.
    public let createdAt: Timestamp?
    /// When the server last heard of a person there.
    public let lastSeenAt: Timestamp?
    /// The authentication level.
    public let level: String?
    /// True for the session that asked.
    public let isCurrent: Bool

    init?(_ json: JSONObject) {
        guard let id = json["id"]?.string else { return nil }
        self.id = id
        device = json["device_id"]?.string
        deviceName = json["device_name"]?.string
        clientID = json["client_id"]?.string
        createdAt = json["created_at"]?.integer.map { Timestamp(seconds: $0) }
        lastSeenAt = json["last_seen_at"]?.integer.map { Timestamp(seconds: $0) }
        level = json["acr"]?.string
        isCurrent = json["current"]?.bool ?? false
    }
}

extension BucklerSession {
    /// The account's live sessions.
    public func sessions() async throws(BucklerError) -> [SessionSummary] {
        let body = try await core.account("GET", "/account/sessions", session: id)
        guard let list = body["sessions"]?.array else { throw .unreadableAnswer }
        return list.compactMap(\.object).compactMap(SessionSummary.init)
    }

    /// Ends one of the account's sessions, on whatever device.
    ///
    /// When this returns, the session's next request is refused.
    public func endSession(_ other: String) async throws(BucklerError) {
        guard SessionID(parsing: other) != nil else { throw .invalidRequest }
        _ = try await core.account("DELETE", "/account/sessions/\(other)", session: id)
    }

    /// Ends all other sessions; how many there were.
    @discardableResult
    public func endOtherSessions() async throws(BucklerError) -> Int {
        let body = try await core.account("POST", "/account/sessions/end-others", JSONObject(), session: id)
        return body["ended"]?.integer.map { Int(clamping: $0) } ?? 0
    }

    /// Ends all sessions, this one among them; the signed notice arrives with the next call.
    @discardableResult
    public func endAllSessions() async throws(BucklerError) -> Int {
        let body = try await core.account("POST", "/account/sessions/end-all", JSONObject(), session: id)
        return body["ended"]?.integer.map { Int(clamping: $0) } ?? 0
    }
}
