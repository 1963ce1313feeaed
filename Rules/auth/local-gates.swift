import LocalAuthentication

final class Gate {
    // ruleid: can-evaluate-as-check
    func authenticateUser() -> Bool {
        return LAContext().canEvaluatePolicy(.deviceOwnerAuthenticationWithBiometrics, error: nil)
    }

    // ruleid: can-evaluate-as-check
    func isUnlocked(_ context: LAContext) -> Bool {
        var error: NSError?
        return context.canEvaluatePolicy(.deviceOwnerAuthentication, error: &error)
    }

    // ok: can-evaluate-as-check
    func authenticationIsPossible() -> Bool {
        return LAContext().canEvaluatePolicy(.deviceOwnerAuthenticationWithBiometrics, error: nil)
    }

    // ok: can-evaluate-as-check
    func verifyBiometryIsSupported() -> Bool {
        return LAContext().canEvaluatePolicy(.deviceOwnerAuthenticationWithBiometrics, error: nil)
    }

    // ok: can-evaluate-as-check
    func isBiometryAvailable() -> Bool {
        return LAContext().canEvaluatePolicy(.deviceOwnerAuthenticationWithBiometrics, error: nil)
    }

    // ok: can-evaluate-as-check
    func authenticate(_ context: LAContext) async throws -> Bool {
        return try await context.evaluatePolicy(.deviceOwnerAuthentication, localizedReason: "Open")
    }

    func hasPasscode() -> Bool {
        // ruleid: device-passcode-check
        LAContext().canEvaluatePolicy(.deviceOwnerAuthentication, error: nil)
    }

    func hasPasscodeToo() -> Bool {
        let context = LAContext()
        // ruleid: device-passcode-check
        return context.canEvaluatePolicy(.deviceOwnerAuthentication, error: nil)
    }

    func hasBiometry() -> Bool {
        let context = LAContext()
        // ok: device-passcode-check
        return context.canEvaluatePolicy(.deviceOwnerAuthenticationWithBiometrics, error: nil)
    }

    func route() {
        // ruleid: sign-in-state-in-user-defaults
        if UserDefaults.standard.bool(forKey: "isLoggedIn") { home() }
        // ruleid: sign-in-state-in-user-defaults
        if defaults.bool(forKey: Keys.isPremium) { unlock() }
        // ok: sign-in-state-in-user-defaults
        if UserDefaults.standard.bool(forKey: "isDarkMode") { darken() }
        // ok: sign-in-state-in-user-defaults
        if UserDefaults.standard.bool(forKey: "loggedInScreenShown") { skip() }
        // ok: device-passcode-check
        if context.isCredentialSet(.applicationPassword) { skip() }
    }
}

final class Vault {
    func open(_ context: LAContext, _ query: CFDictionary) {
        var item: CFTypeRef?
        // ruleid: keychain-prompt-skipped
        context.evaluatePolicy(.deviceOwnerAuthenticationWithBiometrics, localizedReason: "Open") { success, _ in
            if success { SecItemCopyMatching(query, &item) }
        }
    }

    func openAgain(_ context: LAContext, _ query: CFDictionary) {
        var item: CFTypeRef?
        // ruleid: keychain-prompt-skipped
        context.evaluatePolicy(.deviceOwnerAuthentication, localizedReason: "Open") { isOwner, failure in
            guard isOwner else { return }
            let status = SecItemCopyMatching(query, &item)
            use(status)
        }
    }

    func openBound(_ context: LAContext) {
        let query = [kSecClass: kSecClassGenericPassword, kSecUseAuthenticationContext: context] as CFDictionary
        // ok: keychain-prompt-skipped
        context.evaluatePolicy(.deviceOwnerAuthentication, localizedReason: "Open") { success, _ in
            if success { SecItemCopyMatching(query, nil) }
        }
    }

    func show(_ context: LAContext) {
        // ok: keychain-prompt-skipped
        context.evaluatePolicy(.deviceOwnerAuthentication, localizedReason: "Open") { success, _ in
            if success { home() }
        }
    }
}
