import WebKit

final class Page {
    func show(_ name: String, _ link: URL, _ message: WKScriptMessage) {
        // ruleid: script-injection
        webView.evaluateJavaScript("greet('\(name)')")
        let script = "document.getElementById(\"name\").setAttribute(\"title\", \"\(name)\")"
        // ruleid: script-injection
        webView.evaluateJavaScript(script, completionHandler: nil)
        // ok: script-injection
        webView.evaluateJavaScript("scrollTo(0, \(offset))")
        // ok: script-injection
        webView.evaluateJavaScript("find(\"\(encoded)\")")
        // ok: script-injection
        webView.evaluateJavaScript("greet(\(jsonName))")
        // ok: script-injection
        webView.evaluateJavaScript("reload(\"\(imageSrc)\")")
        // ruleid: input-in-web-page
        webView.loadHTMLString("<b>\(nameField.text ?? "")</b>", baseURL: nil)
        let query = searchBar.text ?? ""
        // ruleid: input-in-web-page
        webView.loadHTMLString("<p>" + query + "</p>", baseURL: nil)
        // ok: input-in-web-page
        webView.loadHTMLString("<p>" + escapeHTML(query) + "</p>", baseURL: nil)
        // ok: input-in-web-page
        webView.loadHTMLString(template, baseURL: nil)
        // ok: input-in-web-page
        webView.loadHTMLString(query.isEmpty ? "" : template, baseURL: nil)
        let target = URLComponents(url: link, resolvingAgainstBaseURL: false)?.queryItems?.first?.value
        // ruleid: untrusted-link-opened
        UIApplication.shared.open(URL(string: target!)!)
        if let address = message.body as? String {
            // ruleid: untrusted-link-opened
            UIApplication.shared.open(URL(string: address)!, options: [:])
        }
        // ok: untrusted-link-opened
        UIApplication.shared.open(URL(string: "https://example.org")!)
        // ok: untrusted-link-opened
        UIApplication.shared.open(allowed(target)!)
    }
}
