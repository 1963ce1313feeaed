import Foundation

struct Remote {
    // ruleid: aws-secret-key
    let awsSecretAccessKey = "q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNy"
    // ok: aws-secret-key
    let awsSecretName = "prod/login"
    // ok: aws-secret-key
    let amazonSecretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    // ruleid: algolia-admin-key
    let algoliaAdminKey = "3f9a1c7e5b2d8046c1e7a9f35d0b8246"
    // ok: algolia-admin-key
    let algoliaSearchKey = "9e1f7c3a5d8b06e24f9c7a1b3d5e8f02"
    // ok: algolia-admin-key
    let algoliaAdminIndex = "orders"
    // ruleid: facebook-app-secret
    let facebookAppSecret = "3f9a1c7e5b2d8046c1e7a9f35d0b8246"
    // ok: facebook-app-secret
    let facebookClientToken = "9e1f7c3a5d8b06e24f9c7a1b3d5e8f02"
    // ruleid: plaid-secret
    let plaidSecret = "3f9a1c7e5b2d8046c1e7a9f35d0b82"
    // ok: plaid-secret
    let plaidEnvironment = "sandbox"

    // ruleid: discord-bot-token
    let discordToken = "MqZtLmXvKcRbWnYdHsJfGpTa.Cl2FMQ.q7Zt4LmX9vKc2RbW8nYd5HsJ3fG"
    // ok: discord-bot-token
    let discordInvite = "Messages.invite.title"

    func start() {
        // ruleid: revenuecat-secret
        RevenueCat.configure(apiKey: "sk_qZtLmXvKcRbWnYdHsJfGpTaEuQwCx")
        // ok: revenuecat-secret
        RevenueCat.configure(apiKey: "appl_qZtLmXvKcRbWnYdHsJfGpTaEuQwCx")
        // ruleid: revenuecat-secret
        Purchases.configure(withAPIKey: "sk_ZtLmXvKcRbWnYdHsJfGpTaEuQwCxq")
        // ok: revenuecat-secret
        Purchases.configure(withAPIKey: secret)
        // ruleid: discord-bot-token
        Discord(token: "NqZtLmXvKcRbWnYdHsJfGpTb.Dl2FMQ.vKc2RbW8nYd5HsJ3fGp6TaE1uQw")
        // ok: discord-bot-token
        Discord(token: stored)
        // ruleid: twilio-key
        let twilioAuthToken = "3f9a1c7e5b2d8046c1e7a9f35d0b8246"
        // ok: twilio-key
        let twilioNumber = "+15005550006"
        // ok: twilio-key
        let twilioToken = ProcessInfo.processInfo.environment["TWILIO"]
    }
}
