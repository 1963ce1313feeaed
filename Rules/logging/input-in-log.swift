import WebKit

final class Page {
    func report(_ navigationAction: WKNavigationAction) {
        // ruleid: input-in-log
        print("searched \(searchField.text ?? "")")
        let pasted = UIPasteboard.general.string
        // ruleid: input-in-log
        NSLog("pasted %@", pasted ?? "")
        // ruleid: input-in-log
        NSLog("visits %@", navigationAction.request.url?.absoluteString ?? "")
        // ok: input-in-log
        print("searched for \(searchField.text?.count ?? 0) characters")
        // ok: input-in-log
        NSLog("started")
        // ok: input-in-log
        print(titleLabel.text ?? "")
    }
}
