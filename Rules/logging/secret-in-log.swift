import os

let logger = Logger(subsystem: "org.example.app", category: "session")

struct Session {
    let refreshToken: String
    let isTokenValid: Bool

    func report(password: String, user: User) {
        // ruleid: secret-in-log
        print("signed in with \(password)")
        // ruleid: secret-in-log
        debugPrint(refreshToken)
        // ruleid: secret-in-log
        NSLog("token \(self.refreshToken)")
        // ruleid: secret-in-log
        os_log("token %{public}@", log: .default, type: .info, refreshToken)
        // ok: secret-in-log
        os_log("token %{private}@", log: .default, type: .info, refreshToken)
        // ruleid: secret-in-log
        logger.debug("token \(refreshToken, privacy: .public)")
        // ok: secret-in-log
        logger.debug("token \(refreshToken, privacy: .private)")
        // ok: secret-in-log
        logger.info("token \(refreshToken)")
        // ok: secret-in-log
        logger.info("token \(refreshToken, privacy: .private(mask: .hash))")
        // ok: secret-in-log
        print("token there: \(refreshToken.isEmpty), \(password.count), \(isTokenValid)")
        // ok: secret-in-log
        print("password is wrong")
        // ok: secret-in-log
        print(password == "" ? "no password" : "password")
        let message = "login \(user.name) \(password)"
        // ruleid: secret-in-log
        print(message)
        // ruleid: secret-in-log
        print("encryption key is \(value)")
        // ok: secret-in-log
        print("password: \(value.count) characters")
        // ok: secret-in-log
        print("no password for \(user.name)")
        // ok: secret-in-log
        print("Failed to read the private key: \(reason)")
        // ruleid: secret-in-log
        NSLog("ccNo: %@", ccNoTextField.text ?? "")
        // ruleid: secret-in-log
        NSLog("pinNo: %@", pinTextField.text ?? "")
        let accepted = check(password: password)
        // ok: secret-in-log
        print(accepted)
        // ruleid: secret-in-log
        fputs("secret \(user.secret)\n", stderr)
        // ruleid: secret-in-log
        print("user", user.accessToken ?? "none")
        if let data = "key \(user.encryptionKey)".data(using: .utf8) {
            // ruleid: secret-in-log
            FileHandle.standardError.write(data)
        }
    }
}
