import SwiftUI

struct Configuration {
    // ruleid: security-switched-off-by-flag
    let skipLogin = true
    // ruleid: security-switched-off-by-flag
    static var disableCertificatePinning: Bool = true
    // ok: security-switched-off-by-flag
    let skipIntroduction = true
    // ok: security-switched-off-by-flag
    var bypassAuthentication = false
    #if DEBUG
    // ok: security-switched-off-by-flag
    let ignoreSSL = true
    #endif
    // ruleid: debug-mode-on
    let isDebugMenuEnabled = true
    // ok: debug-mode-on
    let isMenuEnabled = true
    // ok: debug-mode-on
    let debugMode = false

    func read(_ defaults: UserDefaults) {
        // ruleid: security-switched-off-from-outside
        if UserDefaults.standard.bool(forKey: "disable_ssl_pinning") { trustAll() }
        // ruleid: security-switched-off-from-outside
        if ProcessInfo.processInfo.arguments.contains("-skipLogin") { enter() }
        // ok: security-switched-off-from-outside
        if UserDefaults.standard.bool(forKey: "skip_introduction") { enter() }
        #if DEBUG
        // ok: security-switched-off-from-outside
        if ProcessInfo.processInfo.arguments.contains("-skipLogin") { enter() }
        #endif
        // ruleid: debug-mode-on
        settings.developerMode = true
        // ruleid: verbose-logging-on
        Purchases.logLevel = .debug
        // ruleid: verbose-logging-on
        setenv("CFNETWORK_DIAGNOSTICS", "3", 1)
        // ok: verbose-logging-on
        Purchases.logLevel = .error
        #if DEBUG
        // ok: verbose-logging-on
        Purchases.logLevel = .debug
        #endif
        // ruleid: test-server-address
        let server = "https://staging.api.shop.io/v2"
        // ruleid: test-server-address
        let machine = "http://192.168.1.20:8080/v2"
        // ok: test-server-address
        let real = "https://api.shop.io/v2"
        // ok: test-server-address
        let page = "https://shop.io/qa/questions"
        // ruleid: purchase-state-in-user-defaults
        let isPremium = defaults.bool(forKey: "isPremium")
        // ruleid: purchase-state-in-user-defaults
        let hasAds = !UserDefaults.standard.bool(forKey: "com.shop.adsRemoved")
        // ok: purchase-state-in-user-defaults
        let isDark = defaults.bool(forKey: "isDark")
        // ok: purchase-state-in-user-defaults
        let seen = defaults.bool(forKey: "hasSeenPremiumOffer")
    }

    var body: some View {
        VStack {
            // ruleid: hidden-gesture
            Logo().onTapGesture(count: 7) { showsMenu = true }
            // ok: hidden-gesture
            Photo().onTapGesture(count: 2) { zoom() }
        }
    }

    func add(_ gesture: UITapGestureRecognizer) {
        // ruleid: hidden-gesture
        gesture.numberOfTapsRequired = 10
        // ok: hidden-gesture
        gesture.numberOfTapsRequired = 1
    }
}
