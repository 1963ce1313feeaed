import UIKit
import WebKit

final class LinkDelegate: UIResponder, UIApplicationDelegate {
    let webView = WKWebView()

    func application(_ app: UIApplication, open url: URL, options: [UIApplication.OpenURLOptionsKey: Any] = [:]) -> Bool {
        guard let components = URLComponents(url: url, resolvingAgainstBaseURL: false),
            let address = components.queryItems?.first(where: { $0.name == "url" })?.value,
            let target = URL(string: address), isValidated(target)
        else { return false }
        // ruleid: deep-link-to-action
        webView.load(URLRequest(url: target))
        // ruleid: deep-link-to-action
        UserDefaults.standard.set(components.queryItems?.first?.value, forKey: "server")
        return true
    }
}

final class SceneLinks: UIResponder, UIWindowSceneDelegate {
    func scene(_ scene: UIScene, openURLContexts contexts: Set<UIOpenURLContext>) {
        guard let url = contexts.first?.url, let name = url.host else { return }
        // ruleid: deep-link-to-action
        let controller = storyboard.instantiateViewController(withIdentifier: name)
        window?.rootViewController?.present(controller, animated: true)
    }
}

final class CheckedDelegate: UIResponder, UIApplicationDelegate {
    let webView = WKWebView()

    func application(_ app: UIApplication, open url: URL, options: [UIApplication.OpenURLOptionsKey: Any] = [:]) -> Bool {
        guard url.host == "open", let components = URLComponents(url: url, resolvingAgainstBaseURL: false),
            let address = components.queryItems?.first?.value, let target = URL(string: address)
        else { return false }
        // ok: deep-link-to-action
        webView.load(URLRequest(url: target))
        return true
    }

    // ruleid: deprecated-link-handler
    func application(_ app: UIApplication, handleOpen url: URL) -> Bool {
        guard let id = UUID(uuidString: url.lastPathComponent) else { return false }
        // ok: deep-link-to-action
        UserDefaults.standard.set(id, forKey: "lastOpened")
        return true
    }
}

final class ActivityDelegate: UIResponder, UIApplicationDelegate {
    // ruleid: universal-link-unchecked
    func application(
        _ app: UIApplication, continue activity: NSUserActivity,
        restorationHandler: @escaping ([UIUserActivityRestoring]?) -> Void
    ) -> Bool {
        guard let url = activity.webpageURL else { return false }
        show(url.absoluteString)
        return true
    }

    // ok: universal-link-unchecked
    func scene(_ scene: UIScene, continue activity: NSUserActivity) {
        guard let url = activity.webpageURL, url.host == "www.example.com" else { return }
        show(url.absoluteString)
    }
}

final class OldDelegate: UIResponder, UIApplicationDelegate {
    // ruleid: deprecated-link-handler
    func application(_ app: UIApplication, open url: URL, sourceApplication: String?, annotation: Any) -> Bool {
        sources.contains(sourceApplication)
    }

    // ok: deprecated-link-handler
    func application(_ app: UIApplication, open url: URL, options: [UIApplication.OpenURLOptionsKey: Any] = [:]) -> Bool {
        coordinator.follow(url)
    }

    // ok: deprecated-link-handler
    func application(_ app: UIApplication, didFinishLaunchingWithOptions options: [UIApplication.LaunchOptionsKey: Any]?) -> Bool {
        true
    }
}

final class SceneActivity: UIResponder, UIWindowSceneDelegate {
    // ruleid: universal-link-unchecked
    func scene(_ scene: UIScene, continue activity: NSUserActivity) {
        browser.address = activity.webpageURL
    }

    // ok: universal-link-unchecked
    func scene(_ scene: UIScene, didUpdate activity: NSUserActivity) {
        browser.address = activity.webpageURL
    }
}

final class MessageDelegate: UIResponder, UIApplicationDelegate {
    // ruleid: deep-link-parameters-trusted
    func application(_ app: UIApplication, open url: URL, options: [UIApplication.OpenURLOptionsKey: Any] = [:]) -> Bool {
        let items = URLComponents(url: url, resolvingAgainstBaseURL: false)?.queryItems ?? []
        send(items.first?.value ?? "")
        return true
    }
}

final class CallDelegate: UIResponder, UIApplicationDelegate {
    // ruleid: deep-link-parameters-trusted
    func application(_ app: UIApplication, open url: URL, options: [UIApplication.OpenURLOptionsKey: Any] = [:]) -> Bool {
        let parts = url.absoluteString.components(separatedBy: "/call/")
        dial(parts[1])
        return true
    }
}

final class RoutedDelegate: UIResponder, UIApplicationDelegate {
    // ok: deep-link-parameters-trusted
    func application(_ app: UIApplication, open url: URL, options: [UIApplication.OpenURLOptionsKey: Any] = [:]) -> Bool {
        guard let source = options[.sourceApplication] as? String, partners.contains(source) else { return false }
        send(url.query ?? "")
        return true
    }
}

final class PassingDelegate: UIResponder, UIApplicationDelegate {
    // ok: deep-link-parameters-trusted
    func application(_ app: UIApplication, open url: URL, options: [UIApplication.OpenURLOptionsKey: Any] = [:]) -> Bool {
        coordinator.follow(url)
        return true
    }

    func handOver(token: String, page: Int) {
        let link = "partnerapp://login?token=\(token)"
        // ruleid: secret-in-link-to-other-app
        UIApplication.shared.open(URL(string: link)!)
        // ruleid: secret-in-link-to-other-app
        UIApplication.shared.open(URL(string: "https://example.com/start?access_token=\(token)")!, options: [:])
        // ok: secret-in-link-to-other-app
        UIApplication.shared.open(URL(string: "partnerapp://show?page=\(page)")!)
        // ok: secret-in-link-to-other-app
        UIApplication.shared.open(URL(string: "https://example.com/help?topic=token")!)
    }
}

struct RootView: View {
    let browser = WKWebView()

    var body: some View {
        ContentView()
            .onOpenURL { link in
                // ruleid: deep-link-to-action
                browser.load(URLRequest(url: link))
            }
            .onOpenURL { link in
                // ok: deep-link-to-action
                router.follow(link)
            }
    }
}
