import Foundation

final class Guardian {
    // ruleid: jailbreak-check-by-path
    func isJailbroken() -> Bool {
        for path in ["/Applications/Cydia.app", "/usr/sbin/sshd"] where FileManager.default.fileExists(atPath: path) {
            return true
        }
        return false
    }

    // ruleid: jailbreak-check-by-path
    static func hasSubstrate() -> Bool {
        FileManager.default.fileExists(atPath: "/Library/MobileSubstrate/MobileSubstrate.dylib")
    }

    // ok: jailbreak-check-by-path
    func hasCache() -> Bool {
        FileManager.default.fileExists(atPath: "/Library/Caches")
    }

    // ok: jailbreak-check-by-path
    func attest() async throws -> Data {
        try await DCAppAttestService.shared.attestKey(key, clientDataHash: hash)
    }

    func start() {
        // ruleid: security-check-ignored
        _ = isJailbroken()
        // ruleid: security-check-ignored
        if isDebuggerAttached() {
            print("somebody looks")
        }
        // ok: security-check-ignored
        if isJailbroken() {
            exit(0)
        }
        // ok: security-check-ignored
        let isUnsafe = isJailbroken()
        // ok: security-check-ignored
        _ = isReady()
        #if DEBUG
        // ok: security-check-ignored
        _ = isJailbroken()
        #endif
    }
}
