final class Helper: NSObject, NSXPCListenerDelegate {
    // ruleid: xpc-connection-not-checked
    func listener(_ listener: NSXPCListener, shouldAcceptNewConnection newConnection: NSXPCConnection) -> Bool {
        newConnection.exportedObject = self
        newConnection.resume()
        return true
    }
    // ok: xpc-connection-not-checked
    func start(_ listener: NSXPCListener) { listener.resume() }
}
final class Strict: NSObject, NSXPCListenerDelegate {
    // ok: xpc-connection-not-checked
    func listener(_ listener: NSXPCListener, shouldAcceptNewConnection newConnection: NSXPCConnection) -> Bool {
        newConnection.setCodeSigningRequirement("anchor apple generic and identifier shop")
        newConnection.resume()
        return true
    }
}
