final class Session {
    // ruleid: logout-leaves-data
    func logout() {
        UserDefaults.standard.set(false, forKey: "isLoggedIn")
        showLogin()
    }
    // ruleid: logout-leaves-data
    func signOutTapped(_ sender: UIButton) {
        state.isLoggedIn = false
        present(login, animated: true)
    }
    // ok: logout-leaves-data
    func signOut() {
        UserDefaults.standard.set(false, forKey: "isLoggedIn")
        SecItemDelete(query as CFDictionary)
    }
    // ok: logout-leaves-data
    func logoutUser() {
        keychain.remove("token")
        state.isLoggedIn = false
    }
    func unlocked(_ error: LAError, done: (Bool) -> Void) {
        // ruleid: missing-passcode-accepted
        if error.code == .passcodeNotSet { done(true) }
        // ok: missing-passcode-accepted
        if error.code == .passcodeNotSet { done(false) }
        // ok: missing-passcode-accepted
        if error.code == .userCancel { done(false) }
    }
    func isOpen(_ error: LAError) -> Bool {
        // ruleid: missing-passcode-accepted
        if error.code == .passcodeNotSet { return true }
        return false
    }
}
