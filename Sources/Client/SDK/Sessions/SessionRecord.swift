import BucklerJOSE
import BucklerPrimitives

/// What the SDK keeps about its session, from the token response.
///
/// Times of the server, in its seconds.
struct SessionRecord: Sendable, Equatable {
    let issuer: String
    let session: String
    let account: String
    let device: String
    let thumbprint: String
    /// The level of the sign-in; a step-up raises it for the session that it answers.
    private(set) var level: String
    private(set) var methods: [String]
    let scope: [String]
    let createdAt: Timestamp
    let absoluteDeadline: Timestamp
    let idleTimeout: Duration?
    let lockAfter: Duration
    let stepUpSession: String?
    let factorRequired: Bool
    let noticeKeys: [P256PublicJWK]
    /// The device's readings when `createdAt` was the server's time.
    let anchor: SleepProofClock.Reading
    let wallAtAnchor: Timestamp

    /// Reads a token response of a finished sign-in; nil if something that it promises is missing.
    init?(
        tokenResponse body: JSONObject, issuer: String, thumbprint: JWKThumbprint,
        anchor: SleepProofClock.Reading, wall: Timestamp
    ) {
        guard let session = body["session"]?.object, let id = session["id"]?.string,
            let account = session["account"]?.string, let device = session["device_id"]?.string,
            let created = session["created_at"]?.integer, let deadline = session["absolute_deadline"]?.integer
        else { return nil }
        self.issuer = issuer
        self.session = id
        self.account = account
        self.device = device
        self.thumbprint = thumbprint.text
        level = session["acr"]?.string ?? ""
        methods = session["amr"]?.array?.compactMap(\.string) ?? []
        scope = body["scope"]?.string?.split(separator: " ").map(String.init) ?? []
        createdAt = Timestamp(seconds: created)
        absoluteDeadline = Timestamp(seconds: deadline)
        idleTimeout = session["idle_timeout"]?.integer.map { .seconds($0) }
        lockAfter = .seconds(session["lock_after"]?.integer ?? 900)
        stepUpSession = body["auth_session"]?.string
        factorRequired = session["factor_required"]?.bool ?? false
        noticeKeys = Self.keys(body["notice_keys"]?.object)
        self.anchor = anchor
        wallAtAnchor = wall
    }

    /// The same record at the level that a token response names.
    func raised(by body: JSONObject) -> SessionRecord {
        var result = self
        let session = body["session"]?.object
        if let level = session?["acr"]?.string { result.level = level }
        if let methods = session?["amr"]?.array { result.methods = methods.compactMap(\.string) }
        return result
    }

    /// At most eight usable keys of a JWK set; others are ignored.
    static func keys(_ set: JSONObject?) -> [P256PublicJWK] {
        let all = set?["keys"]?.array ?? []
        return all.prefix(8).compactMap { $0.object }.compactMap { try? P256PublicJWK(parsing: $0) }
    }

    /// The server's time now, as well as the device can know it without asking.
    ///
    /// Within one start of the device by the sleep-proof clock, so that setting the wall clock changes nothing; after a
    /// restart by the wall clock's distance from the server's at sign-in.
    func serverTime(_ reading: SleepProofClock.Reading, wall: Timestamp) -> Timestamp {
        if let elapsed = reading.elapsed(since: anchor) { return createdAt + elapsed }
        return max(createdAt, createdAt + (wall - wallAtAnchor))
    }
}

extension SessionRecord {
    var json: JSONObject {
        var json: JSONObject = [
            "v": 1, "issuer": .string(issuer), "session": .string(session), "account": .string(account),
            "device": .string(device), "jkt": .string(thumbprint), "acr": .string(level),
            "amr": .array(methods.map { .string($0) }), "scope": .array(scope.map { .string($0) }),
            "created_at": .integer(createdAt.seconds), "absolute_deadline": .integer(absoluteDeadline.seconds),
            "lock_after": .integer(lockAfter.wholeSeconds),
            "notice_keys": .array(noticeKeys.map { .object($0.json) }),
            "anchor_boot": .string(anchor.boot), "anchor_ticks": .integer(anchor.ticks.wholeMilliseconds),
            "anchor_wall": .integer(wallAtAnchor.milliseconds),
        ]
        if let idleTimeout { json["idle_timeout"] = .integer(idleTimeout.wholeSeconds) }
        if factorRequired { json["factor_required"] = true }
        if let stepUpSession { json["auth_session"] = .string(stepUpSession) }
        return json
    }

    /// Reads what `json` wrote; nil for anything else.
    init?(_ json: JSONObject) {
        guard json["v"]?.integer == 1, let issuer = json["issuer"]?.string, let session = json["session"]?.string,
            let account = json["account"]?.string, let device = json["device"]?.string,
            let thumbprint = json["jkt"]?.string, let created = json["created_at"]?.integer,
            let deadline = json["absolute_deadline"]?.integer, let lockAfter = json["lock_after"]?.integer,
            let boot = json["anchor_boot"]?.string, let ticks = json["anchor_ticks"]?.integer,
            let wall = json["anchor_wall"]?.integer
        else { return nil }
        self.issuer = issuer
        self.session = session
        self.account = account
        self.device = device
        self.thumbprint = thumbprint
        level = json["acr"]?.string ?? ""
        methods = json["amr"]?.array?.compactMap(\.string) ?? []
        scope = json["scope"]?.array?.compactMap(\.string) ?? []
        createdAt = Timestamp(seconds: created)
        absoluteDeadline = Timestamp(seconds: deadline)
        idleTimeout = json["idle_timeout"]?.integer.map { .seconds($0) }
        self.lockAfter = .seconds(lockAfter)
        stepUpSession = json["auth_session"]?.string
        factorRequired = json["factor_required"]?.bool ?? false
        noticeKeys = Self.keys(["keys": json["notice_keys"] ?? .array([])])
        anchor = SleepProofClock.Reading(boot: boot, ticks: .milliseconds(ticks))
        wallAtAnchor = Timestamp(milliseconds: wall)
    }
}
