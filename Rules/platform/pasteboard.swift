import UIKit
import UniformTypeIdentifiers

final class VaultViewModel: NSObject, UIApplicationDelegate {
    var password = String()
    var recoveryKey: String?
    let passwordField = UITextField()
    let nameField = UITextField()

    func copyPassword() {
        // ruleid: secret-on-pasteboard
        UIPasteboard.general.string = password
    }

    func copyFromField() {
        // ruleid: secret-on-pasteboard
        UIPasteboard.general.string = passwordField.text
        let board = UIPasteboard.general
        // ruleid: secret-on-pasteboard
        board.string = recoveryKey
    }

    func copyValue(entry: Entry) {
        // ruleid: secret-on-pasteboard
        UIPasteboard.general.setValue(entry.accessToken, forPasteboardType: "public.utf8-plain-text")
    }

    func copyConstant() {
        let accessToken = "tok_5f2a77c1"
        // ruleid: secret-on-pasteboard
        UIPasteboard.general.string = accessToken
        // ruleid: secret-on-pasteboard
        UIPasteboard.general.setItems([["public.utf8-plain-text": accessToken]])
        let greeting = "Hello"
        // ok: secret-on-pasteboard
        UIPasteboard.general.string = greeting
    }

    func copyHarmless(entry: Entry) {
        // ok: secret-on-pasteboard
        UIPasteboard.general.string = "Password"
        // ok: secret-on-pasteboard
        UIPasteboard.general.string = nameField.text
        // ok: secret-on-pasteboard
        UIPasteboard.general.string = entry.publicKey
        // ok: secret-on-pasteboard
        UIPasteboard.general.setItems(
            [[UTType.utf8PlainText.identifier: password]],
            options: [.localOnly: true, .expirationDate: Date(timeIntervalSinceNow: 60)])
    }

    func applicationDidBecomeActive(_ application: UIApplication) {
        // ruleid: pasteboard-read-at-start
        if let text = UIPasteboard.general.string { offer(text) }
    }

    func application(
        _ application: UIApplication,
        didFinishLaunchingWithOptions launchOptions: [UIApplication.LaunchOptionsKey: Any]? = nil
    ) -> Bool {
        // ruleid: pasteboard-read-at-start
        let link = UIPasteboard.general.url
        open(link)
        // ok: pasteboard-read-at-start
        UIPasteboard.general.string = "ready"
        return true
    }

    @IBAction func pasteTapped(_ sender: UIButton) {
        // ok: pasteboard-read-at-start
        nameField.text = UIPasteboard.general.string
    }

    func makeBoards() {
        let board = UIPasteboard.withUniqueName()
        // ruleid: pasteboard-persistent
        board.setPersistent(true)
        // ok: pasteboard-persistent
        board.setPersistent(false)
    }
}
