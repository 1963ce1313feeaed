import Authentication
import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection
import Sessions
import Storage

extension OperatorDesk {
    /// `accounts.show {account}`: address, factors, sessions; no secret.
    ///
    /// The look itself is recorded.
    func showAccount(_ request: AdminRequest) async throws(AdminError) -> JSONObject {
        try request.allow(["account"])
        let record = try await account(request)
        try await note(.adminAccountShown, about: record.id)
        let factors = record.factors.map { factor -> JSONValue in
            [
                "id": .string(factor.id.text), "kind": .string(factor.kind.rawValue),
                "created_at": .string(factor.createdAt.rfc3339),
            ]
        }
        return [
            "id": .string(record.id.text), "email": .string(record.email.canonical),
            "notification_email": record.contacts.second.map { .string($0.canonical) } ?? .null,
            "former_addresses": .array(formerAddresses(record)),
            "created_at": .string(record.createdAt.rfc3339),
            "password_changed_at": .string(record.passwordChangedAt.rfc3339),
            "password_class": .string(record.passwordClass.word), "factors": .array(factors),
            "recovery_codes_left": .integer(Int64(record.recoveryCodesLeft)),
            "sessions": .integer(Int64(try await sessions(of: record.id).count)),
        ]
    }

    /// Addresses that can undo a change of address still.
    private func formerAddresses(_ record: AccountRecord) -> [JSONValue] {
        record.contacts.current(at: core.environment.clock.now).formers.map { former in
            ["email": .string(former.email.canonical), "undo_until": .string(former.expiresAt.rfc3339)]
        }
    }

    /// Answers `sessions.list {account}`.
    func listSessions(_ request: AdminRequest) async throws(AdminError) -> JSONObject {
        try request.allow(["account"])
        let record = try await account(request)
        try await note(.adminSessionsListed, about: record.id)
        let rows = try await sessions(of: record.id).map { session -> JSONValue in
            [
                "id": .string(session.id.text), "device_id": .string(session.device.text),
                "device_name": session.deviceName.map { .string($0) } ?? .null,
                "client_id": .string(session.client.text), "created_at": .string(session.createdAt.rfc3339),
                "last_seen_at": .string(session.lastSeenAt.rfc3339), "acr": .string(session.level.acr),
            ]
        }
        return ["account": .string(record.id.text), "sessions": .array(rows)]
    }

    /// `sessions.end {session | account | all}`: effective when it is answered; the event commits with the effect.
    func endSessions(_ request: AdminRequest) async throws(AdminError) -> JSONObject {
        try request.allow(["session", "account", "all"])
        guard request.arguments.names.count == 1 else { throw .argument("session") }
        let service = core.sessions.service
        if try request.flag("all") {
            try await stored { () async throws(StoreError) in try await service.endEverything(origin: nil) }
            return ["ended": "all"]
        }
        if let text = try request.text("session") {
            guard let id = SessionID(parsing: text) else { throw .argument("session") }
            let count = try await stored { () async throws(StoreError) in
                try await service.end(.session(id), reason: .operatorAction, origin: nil)
            }
            guard count > 0 else { throw .notFound }
            return ["ended": .integer(Int64(count))]
        }
        let record = try await account(request)
        let count = try await stored { () async throws(StoreError) in
            try await service.endAll(of: record.id, reason: .operatorAction, origin: nil)
        }
        return ["ended": .integer(Int64(count))]
    }

    /// Answers `keys.list`.
    func listKeys(_ request: AdminRequest) async throws(AdminError) -> JSONObject {
        try request.allow([])
        let keys = try await stored { () async throws(StoreError) in try await core.sessions.store.signingKeys() }
        let now = core.environment.clock.now
        let rows = keys.map { key -> JSONValue in
            let state = key.retiredAt != nil ? "verifying" : key.isActive ? "active" : "next"
            return [
                "purpose": .string(key.purpose.rawValue), "kid": .string(key.kid),
                "state": .string(key.isGone(at: now) ? "gone" : state),
                "published_at": .string(key.publishedAt.rfc3339),
            ]
        }
        let behind = try await stored { () async throws(StoreError) in try await core.dataKeysBehind() }
        var result: JSONObject = [
            "root_key": .string(core.keys.rootKeyID.text), "keys": .array(rows),
            "data_key_epoch": .integer(core.keys.accountKeys.currentEpoch.number), "data_keys_behind": .integer(behind),
        ]
        for (name, value) in try await rootRotation() { result[name] = value }
        return result
    }

    /// Answers `keys.rotate {purpose: signing | refresh | data | root, compromised}`.
    func rotateKeys(_ request: AdminRequest) async throws(AdminError) -> JSONObject {
        try request.allow(["purpose", "compromised"])
        let isCompromised = try request.flag("compromised")
        let purpose = try request.text("purpose") ?? "signing"
        switch purpose {
        case "signing":
            try await stored { () async throws(StoreError) in
                try await core.sessions.signingKeys.rotate(compromised: isCompromised)
            }
        case "refresh": try await rotateRefreshKeys(isCompromised)
        case "data":
            // A leaked key-encryption key is not undone by a new one: what it opened was readable already.
            guard !isCompromised else { throw .argument("compromised") }
            try await rotateDataKeys()
        case "root":
            guard !isCompromised else {
                throw .refused(
                    "a root key has no --compromised: rotate root, then data, then signing and refresh with it")
            }
            return try await rotateRootKey()
        default: throw .argument("purpose")
        }
        return ["rotated": .string(purpose), "compromised": .bool(isCompromised)]
    }

    private func account(_ request: AdminRequest) async throws(AdminError) -> AccountRecord {
        guard let text = try request.text("account") else { throw .argument("account") }
        let store = core.authentication
        let found: AccountRecord?
        if let id = AccountID(parsing: text) {
            found = try await stored { () async throws(StoreError) in try await store.read { try $0.account(id) } }
        } else if let email = try? Email(parsing: text) {
            found = try await stored { () async throws(StoreError) in try await store.read { try $0.findAccount(email) }
            }
        } else {
            throw .argument("account")
        }
        guard let found else { throw .notFound }
        return found
    }

    private func sessions(of account: AccountID) async throws(AdminError) -> [SessionSummary] {
        try await stored { () async throws(StoreError) in try await core.sessions.service.list(account) }
    }

    /// Records an operator's act that has no event of its own.
    private func note(_ reason: EventReason, about account: AccountID?) async throws(AdminError) {
        try await record(act(reason, about: account))
    }

    /// The event of an operator's act.
    func act(_ reason: EventReason, about account: AccountID? = nil) -> SecurityEvent {
        SecurityEvent(
            id: .random(core.environment.entropy), name: .adminAction, reason: reason, at: core.environment.clock.now,
            account: account)
    }

    /// Records one event by itself.
    func record(_ event: SecurityEvent) async throws(AdminError) {
        try await stored { () async throws(StoreError) in try await core.events.append([event]) }
    }

    func stored<Value: Sendable>(
        _ body: () async throws(StoreError) -> Value
    ) async throws(AdminError) -> Value {
        do { return try await body() } catch { throw AdminError(error) }
    }
}

extension EventReason {
    /// An operator began a new epoch of key-encryption keys.
    package static let adminDataKeysRotated = EventReason("admin.data_keys_rotated")
    /// The epoch of key-encryption keys that was just recorded could not be made.
    package static let adminDataKeysNotRotated = EventReason("admin.data_keys_not_rotated")
    /// An operator looked at an account.
    package static let adminAccountShown = EventReason("admin.account_shown")
    /// An operator listed an account's sessions.
    package static let adminSessionsListed = EventReason("admin.sessions_listed")
    /// An operator began a new epoch of refresh keys.
    package static let adminRefreshKeysRotated = EventReason("admin.refresh_keys_rotated")
    /// An operator said that refresh keys were lost.
    package static let adminRefreshKeysCompromised = EventReason("admin.refresh_keys_compromised")
}
