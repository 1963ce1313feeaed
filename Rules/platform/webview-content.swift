import UIKit
import WebKit

final class OldController: UIViewController {
    // ruleid: ui-web-view
    @IBOutlet weak var page: UIWebView!
    // ok: ui-web-view
    @IBOutlet weak var modern: WKWebView!
    // ok: ui-web-view
    let label = "UIWebView"

    func make() -> UIView {
        // ruleid: ui-web-view
        UIWebView(frame: .zero)
    }
}

final class PageController: UIViewController {
    let webView = WKWebView()

    func inspect(_ view: WKWebView) {
        // ruleid: webview-inspectable
        view.isInspectable = true
        // ruleid: webview-inspectable
        view.configuration.preferences.setValue(true, forKey: "developerExtrasEnabled")
        #if DEBUG
            // ok: webview-inspectable
            view.isInspectable = true
        #endif
        // ok: webview-inspectable
        view.isInspectable = false
    }

    func prefer(_ preferences: WKPreferences) {
        // ruleid: webview-opens-windows
        preferences.javaScriptCanOpenWindowsAutomatically = true
        // ok: webview-opens-windows
        preferences.javaScriptCanOpenWindowsAutomatically = false
        // ruleid: fraud-warning-off
        preferences.isFraudulentWebsiteWarningEnabled = false
        // ok: fraud-warning-off
        preferences.isFraudulentWebsiteWarningEnabled = true
    }

    func show(_ otp: String, _ accessToken: String, _ title: String) {
        // ruleid: secret-in-web-page
        webView.evaluateJavaScript("document.getElementById('code').textContent = '\(otp)'", completionHandler: nil)
        // ruleid: secret-in-web-page
        webView.loadHTMLString("<p>\(self.accessToken)</p>", baseURL: nil)
        // ok: secret-in-web-page
        webView.evaluateJavaScript("setTitle('\(title)')", completionHandler: nil)
        // ok: secret-in-web-page
        webView.loadHTMLString("<p>Password</p>", baseURL: nil)
    }

    func read() {
        // ruleid: page-read-in-page-world
        webView.evaluateJavaScript("document.querySelector('#account').textContent", completionHandler: { _, _ in })
        // ruleid: page-read-in-page-world
        webView.evaluateJavaScript("document.getElementById('sum').value") { value, _ in pay(value) }
        // ok: page-read-in-page-world
        webView.evaluateJavaScript("document.querySelector('#account').textContent", in: nil, in: .defaultClient) { _ in }
        // ok: page-read-in-page-world
        webView.evaluateJavaScript("window.scrollTo(0, 0)")
        // ruleid: password-field-in-web-page
        webView.loadHTMLString("<form><input name=\"p\" type=\"password\"></form>", baseURL: nil)
        // ruleid: password-field-in-web-page
        let page = "<input type='password'>"
        // ok: password-field-in-web-page
        let search = "<input type='search'>"
        // ok: password-field-in-web-page
        let text = "type=password"
        use(page, search, text)
    }

    func signIn() {
        // ruleid: embedded-web-login
        webView.load(URLRequest(url: URL(string: "https://accounts.google.com/o/oauth2/v2/auth?client_id=1")!))
        let address = URL(string: "https://login.example.com/oauth/authorize?response_type=code")!
        // ruleid: embedded-web-login
        webView.load(URLRequest(url: address))
        // ok: embedded-web-login
        webView.load(URLRequest(url: URL(string: "https://www.example.com/help/signing-in")!))
        // ok: embedded-web-login
        ASWebAuthenticationSession(url: address, callbackURLScheme: "example") { _, _ in }.start()
    }
}
