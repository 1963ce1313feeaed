import SwiftUI
enum Keys { static let refreshToken = "account.refreshToken" }
struct Settings {
    let defaults = UserDefaults(suiteName: "group")!
    func save(_ password: String, _ token: String, _ theme: String, _ keychain: Keychain) {
        // ruleid: secret-in-user-defaults
        UserDefaults.standard.set(password, forKey: "password")
        // ruleid: secret-in-user-defaults
        defaults.set(token, forKey: Keys.refreshToken)
        // ruleid: secret-in-user-defaults
        UserDefaults.standard.setValue("1234", forKey: "PIN")
        // ok: secret-in-user-defaults
        UserDefaults.standard.set(true, forKey: "isPasswordSet")
        // ok: secret-in-user-defaults
        UserDefaults.standard.set(theme, forKey: "theme")
        // ok: secret-in-user-defaults
        UserDefaults.standard.set(Date(), forKey: "accessToken")
        // ok: secret-in-user-defaults
        keychain.set(password, forKey: "password")
        // ok: secret-in-user-defaults
        defaults.set(theme, forKey: "showPassword")
        // ok: secret-in-user-defaults
        defaults.set(theme, forKey: "shopping")
    }
}
struct Login: View {
    // ruleid: secret-in-app-storage
    @AppStorage("pw") private var password: String = ""
    // ruleid: secret-in-app-storage
    @AppStorage("t") var accessToken = ""
    // ok: secret-in-app-storage
    @AppStorage("s") var showPassword = false
    // ok: secret-in-app-storage
    @State var password2 = ""
    // ok: secret-in-app-storage
    @AppStorage("n") var userName = ""
}
