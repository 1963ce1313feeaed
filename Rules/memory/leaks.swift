import Combine
import WebKit

protocol ModelDelegate: AnyObject {}

final class Model: NSObject {
    // ruleid: strong-delegate
    var delegate: ModelDelegate?
    // ruleid: strong-delegate
    public var dataSource: (any UITableViewDataSource)?
    // ok: strong-delegate
    private var pickerDelegate: PickerDelegate?
    // ok: strong-delegate
    weak var owner: ModelDelegate?
    // ok: strong-delegate
    private(set) weak var listDelegate: ModelDelegate?
    // ok: strong-delegate
    var inner: Model? { owner as? Model }
    // ruleid: unsafe-delegate
    unowned(unsafe) let parent: Model
    // ruleid: unsafe-delegate
    unowned(unsafe) var other: Model
    // ok: unsafe-delegate
    unowned let root: Model
    // ok: unsafe-delegate
    weak var leaf: Model?
    // ruleid: secret-kept-for-good
    static var masterPassword: String?
    // ruleid: secret-kept-for-good
    static var recoveryPhrase: String = ""
    // ok: secret-kept-for-good
    static var passwordTitle: String = "Password"
    // ok: secret-kept-for-good
    internal static var actionForgotPassword: String { return text("forgot") }
    // ok: secret-kept-for-good
    static var password: String { keychain.read() }

    func bind() {
        // ruleid: closure-retains-owner
        self.onChange = { self.reload() }
        // ruleid: closure-retains-owner
        self.completionHandler = { value in
            self.show(value)
        }
        // ok: closure-retains-owner
        self.onDone = { [weak self] in self?.reload() }
        // ok: closure-retains-owner
        self.onStart = { print("started") }
        // ok: closure-retains-owner
        self.onOnce = { self.reload(); self.onOnce = nil }
        // ruleid: subscription-retains-owner
        publisher.sink { self.show($0) }.store(in: &bag)
        // ruleid: subscription-retains-owner
        publisher.map(\.name).sink(receiveValue: { value in self.show(value) }).store(in: &self.bag)
        // ok: subscription-retains-owner
        publisher.sink { [weak self] in self?.show($0) }.store(in: &bag)
        // ok: subscription-retains-owner
        publisher.sink { print($0) }.store(in: &bag)
        // ruleid: assign-retains-owner
        publisher.assign(to: \.name, on: self).store(in: &bag)
        // ruleid: assign-retains-owner
        self.subscription = publisher.assign(to: \.name, on: self)
        // ok: assign-retains-owner
        publisher.assign(to: &$name)
        // ok: assign-retains-owner
        publisher.assign(to: \.name, on: other).store(in: &bag)
        // ruleid: timer-retains-owner
        Timer.scheduledTimer(timeInterval: 1, target: self, selector: #selector(tick), userInfo: nil, repeats: true)
        // ruleid: timer-retains-owner
        let display = CADisplayLink(target: self, selector: #selector(tick))
        // ok: timer-retains-owner
        Timer.scheduledTimer(timeInterval: 1, target: self, selector: #selector(tick), userInfo: nil, repeats: false)
        // ruleid: session-never-invalidated
        let session = URLSession(configuration: .default, delegate: self, delegateQueue: nil)
        // ok: session-never-invalidated
        let plain = URLSession(configuration: .default, delegate: nil, delegateQueue: nil)
        // ruleid: message-handler-retains-owner
        configuration.userContentController.add(self, name: "native")
        // ok: message-handler-retains-owner
        configuration.userContentController.add(WeakHandler(self), name: "native")
    }
}

struct Screen: View {
    // ok: strong-delegate
    var delegate: ModelDelegate?
}

struct Row: View {
    var onTap: () -> Void = {}
    var title = ""
    mutating func bind() {
        // ok: closure-retains-owner
        self.onTap = { print(self.title) }
    }
}
