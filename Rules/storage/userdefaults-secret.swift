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
func byValue(_ password: String, _ passwordHint: String) {
    // ruleid: secret-in-user-defaults
    UserDefaults.standard.set(password, forKey: "field1")
    // ok: secret-in-user-defaults
    UserDefaults.standard.set(passwordHint, forKey: "field2")
}
func person(_ person: Person, _ token: String) {
    // ruleid: personal-number-in-user-defaults
    UserDefaults.standard.set(person.acctNo, forKey: "acctNo")
    // ruleid: personal-number-in-user-defaults
    UserDefaults.standard.set(person.passport, forKey: "passport_number")
    // ok: personal-number-in-user-defaults
    UserDefaults.standard.set(person.language, forKey: "language")
    // ok: personal-number-in-user-defaults
    UserDefaults.standard.set(true, forKey: "cardNumber")
    // ruleid: secret-in-user-defaults
    UserDefaults.standard.set(token, forKey: "token")
    // ok: secret-in-user-defaults
    UserDefaults.standard.set(token, forKey: "pageTokenCount")
}
