import SwiftUI
import UIKit

struct SignInView: View {
    @State private var password = ""
    @State private var name = ""

    var body: some View {
        VStack {
            // ok: secret-field-in-clear
            TextField("Name", text: $name)
            // ok: secret-field-in-clear
            TextField("", text: $password).opacity(0)
            // ruleid: secret-field-in-clear
            TextField("Password", text: $password)
        }
    }
}

final class FormController: UIViewController {
    let passwordField = UITextField()
    let cardNumberField = UITextField()
    let searchField = UITextField()

    override func viewDidLoad() {
        // ruleid: secret-field-in-clear
        passwordField.isSecureTextEntry = false
        // ruleid: keyboard-learns-secret
        cardNumberField.autocorrectionType = .yes
        // ruleid: keyboard-learns-secret
        self.passwordField.autocorrectionType = .default
        // ok: keyboard-learns-secret
        passwordField.autocorrectionType = .no
        // ok: keyboard-learns-secret
        searchField.autocorrectionType = .yes
    }

    @IBAction func toggle() {
        // ok: secret-field-in-clear
        passwordField.isSecureTextEntry = false
    }

    func ask(_ alert: UIAlertController) {
        // ruleid: secret-field-in-clear
        alert.addTextField(configurationHandler: { (field: UITextField!) in
            field.placeholder = "Password"
        })
        // ok: secret-field-in-clear
        alert.addTextField { field in
            field.isSecureTextEntry = true
            field.placeholder = "Password"
        }
        alert.addTextField { field in
            field.placeholder = "E-mail"
            // ruleid: keyboard-learns-personal-data
            field.autocorrectionType = .default
        }
        alert.addTextField { field in
            field.placeholder = "Full name"
            // ok: keyboard-learns-personal-data
            field.autocorrectionType = .no
        }
        alert.addTextField { field in
            field.placeholder = "Comment"
            // ok: keyboard-learns-personal-data
            field.autocorrectionType = .yes
        }
    }
}

// ruleid: custom-keyboards-allowed
final class OpenDelegate: UIResponder, UIApplicationDelegate {
    func application(_ application: UIApplication, didFinishLaunchingWithOptions options: [UIApplication.LaunchOptionsKey: Any]?) -> Bool {
        true
    }
}
