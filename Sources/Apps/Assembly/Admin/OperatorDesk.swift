import BucklerPrimitives
import BucklerSecurityEvents
import DataProtection
import Foundation
import Monitoring
import ServerConfiguration
import Storage

/// Carries out the operator's orders on a core (PD-16).
package struct OperatorDesk: AdminDesk {
    let core: ServerCore
    /// False when the command line holds the data itself.
    let hasServer: Bool

    /// Takes the core.
    package init(core: ServerCore, hasServer: Bool) {
        self.core = core
        self.hasServer = hasServer
    }

    package func carryOut(
        _ request: AdminRequest, emit: @escaping @Sendable (JSONObject) async throws -> Void
    ) async throws(AdminError) -> JSONObject {
        switch request.verb {
        case "status":
            try request.allow([])
            return await status()
        case "events.tail": return try await tail(request, emit: emit)
        case "accounts.show": return try await showAccount(request)
        case "sessions.list": return try await listSessions(request)
        case "sessions.end": return try await endSessions(request)
        case "backup": return try await backUp(request)
        case "keys.list": return try await listKeys(request)
        case "keys.rotate": return try await rotateKeys(request)
        default: throw .unknownVerb
        }
    }

    private func status() async -> JSONObject {
        [
            "server": .string(hasServer ? core.health.phase.rawValue : "not running"),
            "version": .string(ProductVersion.text), "process": .integer(Int64(getpid())),
            "mode": .string(core.settings.mode.rawValue), "public_url": .string(core.settings.publicURL.text),
            "instance": .string(core.keys.instance.text), "root_key": .string(core.keys.rootKeyID.text),
            "time": .string(core.environment.clock.now.rfc3339),
        ]
    }

    private func tail(
        _ request: AdminRequest, emit: @escaping @Sendable (JSONObject) async throws -> Void
    ) async throws(AdminError) -> JSONObject {
        try request.allow(["count", "follow"])
        let count = try request.integer("count", 0...1000) ?? 20
        let follow = try request.flag("follow")
        if follow, !hasServer { throw .needsServer }
        do {
            let last = try await core.events.lastSequence()
            var position = max(0, last - Int64(count))
            var isAtEnd = false
            while !isAtEnd {
                let page = try await core.events.events(after: position, matching: EventFilter(), limit: 256)
                for event in page.events { try await emit(event.json) }
                position = page.position
                isAtEnd = page.isAtEnd
            }
            if follow {
                for try await event in EventTail(core.events, signal: core.commits, after: position) {
                    try await emit(event.json)
                }
            }
            return ["position": .integer(position)]
        } catch let error as StoreError {
            throw AdminError(error)
        } catch {
            // The reader went away; nobody is left to be told.
            return [:]
        }
    }
}

extension AdminRequest {
    /// Refuses arguments that the verb does not know.
    func allow(_ names: Set<String>) throws(AdminError) {
        if let name = arguments.names.first(where: { !names.contains($0) }) { throw .argument(name) }
    }

    /// An optional number within bounds.
    func integer(_ name: String, _ range: ClosedRange<Int>) throws(AdminError) -> Int? {
        guard let value = arguments[name] else { return nil }
        guard let number = value.integer, range.contains(Int(clamping: number)) else { throw .argument(name) }
        return Int(number)
    }

    /// An optional switch; absent is false.
    func flag(_ name: String) throws(AdminError) -> Bool {
        guard let value = arguments[name] else { return false }
        guard let flag = value.bool else { throw .argument(name) }
        return flag
    }

    /// An optional text.
    func text(_ name: String) throws(AdminError) -> String? {
        guard let value = arguments[name] else { return nil }
        guard let text = value.string, (1...320).contains(text.utf8.count) else { throw .argument(name) }
        return text
    }
}
