import WebKit

final class Clock: NSObject {
    func start() {
        // ok: timer-retains-owner
        timer = Timer.scheduledTimer(timeInterval: 1, target: self, selector: #selector(tick), userInfo: nil, repeats: true)
        // ok: session-never-invalidated
        session = URLSession(configuration: .default, delegate: self, delegateQueue: nil)
        // ok: message-handler-retains-owner
        controller.add(self, name: "loader")
    }

    deinit {
        timer?.invalidate()
        session.finishTasksAndInvalidate()
        controller.removeScriptMessageHandler(forName: "loader")
    }
}
