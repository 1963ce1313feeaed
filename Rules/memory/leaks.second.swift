import WebKit

final class Second: NSObject {
    func start() {
        // ruleid: session-never-invalidated
        session = URLSession(configuration: .ephemeral, delegate: self, delegateQueue: .main)
        // ruleid: message-handler-retains-owner
        controller.add(self, name: "clock")
    }
}
