import UIKit

// ok: app-switcher-uncovered
final class CoveredScene: UIResponder, UIWindowSceneDelegate {
    func sceneWillResignActive(_ scene: UIScene) {
        window?.addSubview(cover)
    }
}

// ok: app-switcher-uncovered
final class Model {
    var window: UIWindow?
}
