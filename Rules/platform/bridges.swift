import WebKit

final class OpenBridge: NSObject, WKScriptMessageHandler {
    // ruleid: script-message-origin-unchecked
    func userContentController(_ controller: WKUserContentController, didReceive message: WKScriptMessage) {
        guard let text = message.body as? String, let url = URL(string: text) else { return }
        // ruleid: script-message-to-action
        UIApplication.shared.open(url)
        // ruleid: script-message-to-action
        UserDefaults.standard.set(text, forKey: "name")
    }
}

final class CheckedBridge: NSObject, WKScriptMessageHandler {
    // ok: script-message-origin-unchecked
    func userContentController(_ controller: WKUserContentController, didReceive message: WKScriptMessage) {
        guard message.frameInfo.isMainFrame, message.frameInfo.securityOrigin.host == "app.example.com" else { return }
        guard let text = message.body as? String, let url = URL(string: text) else { return }
        // ok: script-message-to-action
        UIApplication.shared.open(url)
    }
}

final class PrintBridge: NSObject, WKScriptMessageHandler {
    // ok: script-message-origin-unchecked
    func userContentController(_ controller: WKUserContentController, didReceive message: WKScriptMessage) {
        delegate?.print()
        // ok: script-message-to-action
        UserDefaults.standard.set(true, forKey: "printed")
    }

    func expose(_ view: UIView) {
        // ruleid: script-context-of-web-view
        let context = view.value(forKeyPath: "documentView.webView.mainFrame.javaScriptContext") as? JSContext
        // ok: script-context-of-web-view
        let own = JSContext()
        use(context, own)
    }
}
