import CoreSpotlight
import UIKit
import UserNotifications

final class Notifier {
    func tell(otpCode: String, password: String, sender: String) {
        let content = UNMutableNotificationContent()
        // ruleid: secret-in-notification
        content.body = "Your code is \(otpCode)"
        // ruleid: secret-in-notification
        content.title = password
        // ok: secret-in-notification
        content.subtitle = "Message from \(sender)"
        // ok: secret-in-notification
        content.body = "Your password was changed"
        // ok: secret-in-notification
        content.title = "Password"
    }

    func share(password: String, link: URL, account: Account) -> [UIViewController] {
        [
            // ruleid: secret-shared
            UIActivityViewController(activityItems: [password], applicationActivities: nil),
            // ruleid: secret-shared
            UIActivityViewController(activityItems: [link, account.accessToken], applicationActivities: nil),
            // ok: secret-shared
            UIActivityViewController(activityItems: [link], applicationActivities: nil),
            // ok: secret-shared
            UIActivityViewController(activityItems: [account.name], applicationActivities: nil),
        ]
    }

    func publish(_ activity: NSUserActivity, token: String, id: String) {
        // ruleid: secret-in-user-activity
        activity.userInfo = ["token": token, "id": id]
        // ruleid: secret-in-user-activity
        activity.addUserInfoEntries(from: ["sessionID": token])
        // ok: secret-in-user-activity
        activity.userInfo = ["id": id]
        // ok: secret-in-user-activity
        notification.userInfo = ["token": token]
        // ruleid: activity-public-indexing
        activity.isEligibleForPublicIndexing = true
        // ok: activity-public-indexing
        activity.isEligibleForPublicIndexing = false
        // ok: activity-public-indexing
        activity.isEligibleForSearch = true
    }
}

final class OpenListener: NSObject, NSXPCListenerDelegate {
    // ruleid: local-ipc-without-check
    func listener(_ listener: NSXPCListener, shouldAcceptNewConnection connection: NSXPCConnection) -> Bool {
        connection.exportedObject = service
        connection.resume()
        return true
    }
}

final class CheckedListener: NSObject, NSXPCListenerDelegate {
    // ok: local-ipc-without-check
    func listener(_ listener: NSXPCListener, shouldAcceptNewConnection connection: NSXPCConnection) -> Bool {
        connection.setCodeSigningRequirement("anchor apple generic and certificate leaf[subject.OU] = TEAM")
        connection.resume()
        return true
    }

    func announce(_ name: Notification.Name) {
        // ruleid: distributed-notification
        DistributedNotificationCenter.default().post(name: name, object: nil, userInfo: ["page": 1])
        // ok: distributed-notification
        NotificationCenter.default.post(name: name, object: nil, userInfo: ["page": 1])
        // ruleid: distributed-notification
        let port = CFMessagePortCreateLocal(nil, "com.example.port" as CFString, callback, nil, nil)
        use(port)
        // ok: distributed-notification
        DistributedNotificationCenter.default().addObserver(self, selector: #selector(changed), name: name, object: nil)
    }
}

// ruleid: app-switcher-uncovered
final class OpenScene: UIResponder, UIWindowSceneDelegate {
    var window: UIWindow?
}

struct CardView: View {
    let cardNumber: String
    let password: String

    var body: some View {
        VStack {
            // ruleid: secret-in-accessibility
            Text("••••").accessibilityValue(cardNumber)
            // ok: secret-in-accessibility
            Text("••••").accessibilityLabel("Password")
            // ok: secret-in-accessibility
            Text("••••").accessibilityLabel(L10n.commonPassword)
        }
    }

    func mark(_ field: UITextField, _ image: UIImage) {
        // ruleid: secret-in-accessibility
        field.accessibilityLabel = password
        // ok: secret-in-accessibility
        field.accessibilityLabel = name
        // ruleid: picture-to-photo-library
        UIImageWriteToSavedPhotosAlbum(image, nil, nil, nil)
        // ok: picture-to-photo-library
        try? image.pngData()?.write(to: url, options: .completeFileProtection)
    }
}
