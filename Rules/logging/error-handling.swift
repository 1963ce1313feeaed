import CryptoKit

func keep(_ secret: Data, _ key: SymmetricKey, _ box: AES.GCM.SealedBox, _ query: CFDictionary) {
    // ruleid: swallowed-security-error
    do {
        try keychain.set(secret, key: "secret")
    } catch {}
    // ruleid: swallowed-security-error
    do {
        let sealed = try AES.GCM.seal(secret, using: key)
        store(sealed)
    } catch {
    }
    // ok: swallowed-security-error
    do {
        try keychain.set(secret, key: "secret")
    } catch {
        report(error)
    }
    // ok: swallowed-security-error
    do {
        try files.remove("cache")
    } catch {}
    var opened: Data?
    // ok: swallowed-security-error
    do {
        opened = try AES.GCM.open(box, using: key)
    } catch {}
    // ruleid: keychain-status-ignored
    _ = SecItemAdd(query, nil)
    // ruleid: keychain-status-ignored
    _ = SecItemUpdate(query, query)
    // ok: keychain-status-ignored
    let status = SecItemAdd(query, nil)
    // ok: keychain-status-ignored
    guard SecItemAdd(query, nil) == errSecSuccess else { return }
    // ruleid: keychain-error-dropped
    try? keychain.removeAll()
    // ruleid: keychain-error-dropped
    _ = try? self.keychainStore.set(secret, key: "secret")
    // ok: keychain-error-dropped
    try keychain.removeAll()
    // ok: keychain-error-dropped
    let value = try? keychain.get("secret")
    // ruleid: forced-security-operation
    let forced = try! AES.GCM.open(box, using: key)
    // ruleid: forced-security-operation
    let sealed = try! ChaChaPoly.seal(secret, using: key)
    // ok: forced-security-operation
    let other = try AES.GCM.open(box, using: key)
    // ok: forced-security-operation
    let expression = try! NSRegularExpression(pattern: "a+")
}

func show(_ error: any Error) {
    // ruleid: internals-shown-to-people
    let alert = UIAlertController(title: "Error", message: "Failed: \(error)", preferredStyle: .alert)
    // ruleid: internals-shown-to-people
    let second = UIAlertController(title: "Error", message: String(describing: error), preferredStyle: .alert)
    // ok: internals-shown-to-people
    let third = UIAlertController(title: "Error", message: error.localizedDescription, preferredStyle: .alert)
    // ok: internals-shown-to-people
    let fourth = UIAlertController(title: "Error", message: "Please try again.", preferredStyle: .alert)
}
