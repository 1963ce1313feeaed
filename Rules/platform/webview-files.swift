import WebKit

final class ReaderController: UIViewController {
    let webView = WKWebView()

    func configure(_ configuration: WKWebViewConfiguration) {
        // ruleid: webview-universal-file-access
        configuration.setValue(true, forKey: "allowUniversalAccessFromFileURLs")
        let key = "allowUniversalAccessFromFileURLs"
        // ruleid: webview-universal-file-access
        configuration.setValue(true, forKey: key)
        // ruleid: webview-universal-file-access
        configuration.preferences.allowUniversalAccessFromFileURLs = true
        // ok: webview-universal-file-access
        configuration.setValue(false, forKey: "allowUniversalAccessFromFileURLs")
        // ruleid: webview-file-access
        configuration.preferences.setValue(true, forKey: "allowFileAccessFromFileURLs")
        // ruleid: webview-file-access
        configuration.preferences.allowFileAccessFromFileURLs = true
        // ok: webview-file-access
        configuration.preferences.setValue(false, forKey: "allowFileAccessFromFileURLs")
        // ok: webview-file-access
        configuration.preferences.setValue(true, forKey: "fullScreenEnabled")
        // ok: webview-universal-file-access
        configuration.setValue(true, forKey: "allowsInlineMediaPlayback")
    }

    func show(page: URL) {
        let documents = FileManager.default.urls(for: .documentDirectory, in: .userDomainMask).first!
        // ruleid: webview-broad-read-access
        webView.loadFileURL(page, allowingReadAccessTo: documents)
        // ruleid: webview-broad-read-access
        webView.loadFileURL(page, allowingReadAccessTo: URL(fileURLWithPath: NSHomeDirectory()))
        // ruleid: webview-broad-read-access
        webView.loadFileURL(page, allowingReadAccessTo: URL.documentsDirectory)
        // ok: webview-broad-read-access
        webView.loadFileURL(page, allowingReadAccessTo: page.deletingLastPathComponent())
        // ok: webview-broad-read-access
        webView.loadFileURL(page, allowingReadAccessTo: documents.appendingPathComponent("pages"))
        // ok: webview-broad-read-access
        webView.loadFileURL(page, allowingReadAccessTo: Bundle.main.bundleURL)
    }
}
