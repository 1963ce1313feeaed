import FirebaseAnalytics

func report(password: String, accessToken: String, user: User) {
    // ruleid: secret-in-analytics
    Crashlytics.crashlytics().setCustomValue(password, forKey: "password")
    // ruleid: secret-in-analytics
    Analytics.logEvent("login", parameters: ["token": accessToken])
    // ruleid: secret-in-analytics
    SentrySDK.capture(message: "refused \(accessToken)")
    // ok: secret-in-analytics
    Analytics.logEvent("login", parameters: ["method": "password"])
    // ok: secret-in-analytics
    Crashlytics.crashlytics().setCustomValue(accessToken.isEmpty, forKey: "signed-in")
    // ok: secret-in-analytics
    Crashlytics.crashlytics().log("password changed")
}
