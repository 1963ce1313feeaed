import Foundation

struct Client {
    // ruleid: hardcoded-secret
    private let clientSecret = "q7Zt4LmX9vKc2RbW8nYd5HsJ"
    // ruleid: hardcoded-secret
    static let appSecret: String = "3f9a1c7e5b2d" + "8046c1e7a9f35d0b8246"
    // ok: hardcoded-secret
    let clientSecretPlaceholder = "q7Zt4LmX9vKc2RbW8nYd5HsJ"
    // ok: hardcoded-secret
    let accessToken = "YOUR_ACCESS_TOKEN_HERE"
    // ok: hardcoded-secret
    let accessTokenKey = "com.shop.accessToken.v2"
    // ok: hardcoded-secret
    let secretScreenTitle = "settings.secret.title"
    // ok: hardcoded-secret
    let sessionToken = "3f9a1c7e-5b2d-4046-81e7-a9f35d0b8246"
    // ok: hardcoded-secret
    var authToken = ""
    // ok: hardcoded-secret
    let loginSecret = "secretForLoginWithPhone"
    // ok: hardcoded-secret
    static let otpSecret = OtpFields.secretField
    // ruleid: hardcoded-api-key
    let weatherAPIKey = "3f9a1c7e5b2d8046c1e7a9f35d0b8246"
    // ok: hardcoded-api-key
    let analyticsAPIKey = "phc_q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE"
    // ok: hardcoded-api-key
    let apiKeyName = "q7Zt4LmX9vKc2RbW8nYd5HsJ"
    // ok: hardcoded-api-key
    let apiKey = "com.shop.api-key"
    // ruleid: hardcoded-password
    let adminPassword = "Summer2024!"
    // ok: hardcoded-password
    let passwordLabel = "Password"
    // ok: hardcoded-password
    static let password = "Password"
    // ok: hardcoded-password
    let oldPassword = "settings.password.old"

    func start() {
        // ruleid: hardcoded-secret
        OAuth(clientID: "shop", clientSecret: "vKc2RbW8nYd5HsJ3fGp6TaE1")
        // ruleid: hardcoded-secret
        request.setValue("q7Zt4LmX9vKc2RbW8nYd5HsJ", forHTTPHeaderField: "X-Client-Secret")
        // ruleid: hardcoded-api-key
        Weather.configure(apiKey: "9e1f7c3a5d8b06e24f9c7a1b3d5e8f02")
        // ruleid: hardcoded-password
        store.open(path: path, password: "tr0ub4dor&3")
        // ok: hardcoded-password
        store.open(path: path, password: entered)
        // ok: hardcoded-password
        let box = RNCryptor.encrypt(data: data, withPassword: "tr0ub4dor&3")
        // ok: hardcoded-secret
        OAuth(clientID: "shop", clientSecret: configuration.secret)
    }
}

enum OtpFields {
    static let secretField = "TimeOtp-Secret-Base32"
}
