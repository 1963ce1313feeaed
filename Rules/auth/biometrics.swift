import LocalAuthentication
func unlock(_ open: @escaping () -> Void) async throws {
    let context = LAContext()
    // ruleid: biometric-reuse
    context.touchIDAuthenticationAllowableReuseDuration = 30
    // ok: biometric-reuse
    context.touchIDAuthenticationAllowableReuseDuration = 0
    // ruleid: biometric-result-only
    context.evaluatePolicy(.deviceOwnerAuthenticationWithBiometrics, localizedReason: "Open") { success, error in
        if success { open() }
    }
    // ruleid: biometric-result-only, biometric-passcode-fallback
    let passed = try await context.evaluatePolicy(.deviceOwnerAuthentication, localizedReason: "Open")
    // ok: biometric-result-only, biometric-passcode-fallback
    let can = context.canEvaluatePolicy(.deviceOwnerAuthentication, error: nil)
}
func read() {
    let context = LAContext()
    // ok: biometric-result-only, biometric-passcode-fallback
    context.evaluatePolicy(.deviceOwnerAuthenticationWithBiometrics, localizedReason: "Open") { _, _ in
        let query = [kSecUseAuthenticationContext as String: context] as CFDictionary
        SecItemCopyMatching(query, nil)
    }
}
func controls() {
    // ruleid: biometric-any-enrolment
    let any = SecAccessControlCreateWithFlags(nil, kSecAttrAccessibleWhenUnlocked, .biometryAny, nil)
    // ruleid: biometric-passcode-fallback
    let user = SecAccessControlCreateWithFlags(nil, kSecAttrAccessibleWhenUnlocked, .userPresence, nil)
    // ruleid: biometric-any-enrolment
    let both = SecAccessControlCreateWithFlags(nil, kSecAttrAccessibleWhenUnlocked, [.privateKeyUsage, .biometryAny], nil)
    // ok: biometric-any-enrolment, biometric-passcode-fallback
    let set = SecAccessControlCreateWithFlags(nil, kSecAttrAccessibleWhenUnlocked, .biometryCurrentSet, nil)
    // ok: biometric-any-enrolment, biometric-passcode-fallback
    let key = SecAccessControlCreateWithFlags(nil, kSecAttrAccessibleWhenUnlocked, [.privateKeyUsage, .biometryCurrentSet], nil)
    // ok: biometric-reuse
    let seconds = LAContext().touchIDAuthenticationAllowableReuseDuration
}
