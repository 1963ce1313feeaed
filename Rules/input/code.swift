import Foundation

func run(_ text: String, _ link: URL, _ data: Data, _ coder: NSCoder) throws {
    // ruleid: format-string
    NSLog(text)
    // ruleid: format-string
    NSLog(error.reason + text)
    // ok: format-string
    NSLog("%@", text)
    // ok: format-string
    NSLog("started")
    // ruleid: format-string-interpolated
    NSLog("got \(text)")
    // ruleid: format-string-interpolated
    NSLog("got \(link) and \(data)")
    // ok: format-string-interpolated
    NSLog("%@", "got \(text)")
    // ok: format-string-interpolated
    NSLog("got %@", text)
    // ruleid: command-injection
    system("rm \(text)")
    // ruleid: command-injection
    process.arguments = ["-c", "git log \(text)"]
    // ok: command-injection
    process.arguments = ["log", text]
    // ok: command-injection
    process.arguments = ["-c", "git log"]
    // ruleid: code-loaded-at-run-time
    dlopen(link.path, RTLD_NOW)
    // ruleid: code-loaded-at-run-time
    let handle = dlopen(folder + "/plugin.dylib", RTLD_LAZY)
    // ok: code-loaded-at-run-time
    dlopen("/usr/lib/libSystem.dylib", RTLD_NOW)
    // ok: code-loaded-at-run-time
    let own = dlopen(nil, RTLD_NOW)
    let name = URLComponents(string: text)?.queryItems?.first?.value ?? ""
    // ruleid: class-named-from-outside
    let type = NSClassFromString(name)
    // ruleid: class-named-from-outside
    let selector = NSSelectorFromString(name + ":")
    // ok: class-named-from-outside
    let fixed = NSClassFromString("XCTestCase")
    // ok: class-named-from-outside
    let own = NSSelectorFromString("_close")
    let query = searchField.text ?? ""
    // ruleid: expression-from-input
    let first = try NSRegularExpression(pattern: query)
    // ruleid: expression-from-input
    let second = try NSRegularExpression(pattern: "^\(query)$", options: [])
    // ok: expression-from-input
    let third = try NSRegularExpression(pattern: NSRegularExpression.escapedPattern(for: query))
    // ok: expression-from-input
    let fourth = try NSRegularExpression(pattern: "a+")
    // ruleid: unescaped-url-parameter
    let address = URL(string: "https://example.org/search?q=\(text)")
    // ruleid: unescaped-url-parameter
    let other = URL(string: "https://example.org/search?a=1&name=\(user.name)")
    // ok: unescaped-url-parameter
    let encoded = URL(string: "https://example.org/search?q=\(encodedText)")
    // ok: unescaped-url-parameter
    let plain = URL(string: "https://example.org/users/\(text)")
    // ruleid: decoded-with-any-class
    let any = try NSKeyedUnarchiver.unarchivedObject(ofClass: NSObject.self, from: data)
    // ruleid: decoded-with-any-class
    let some = try NSKeyedUnarchiver.unarchivedObject(ofClasses: [NSArray.self, NSObject.self], from: data)
    // ok: decoded-with-any-class
    let exact = try NSKeyedUnarchiver.unarchivedObject(ofClass: NSString.self, from: data)
    // ok: decoded-with-any-class
    let key = coder.decodeObject(of: NSString.self, forKey: "key")
}
func remote(_ task: Process, _ address: String) throws {
    let command = try String(contentsOf: URL(string: "https://shop.com/task")!)
    // ruleid: command-from-outside
    task.arguments = ["-n", command]
    // ruleid: command-from-outside
    task.launchPath = command
    // ok: command-from-outside
    task.arguments = ["-n", "fixed"]
    // ok: command-from-outside
    task.launchPath = "/bin/ls"
    // ruleid: format-from-outside
    let text = String(format: command, 1)
    // ruleid: format-from-outside
    let other = String(format: nameField.text!, 1)
    // ok: format-from-outside
    let fine = String(format: "%@", command)
    // ok: format-from-outside
    let typed = String(format: "%@ %d", nameField.text!, 2)
}
func expressions(_ text: String) throws {
    // ruleid: slow-expression
    let first = try NSRegularExpression(pattern: "^(a+)+$")
    // ruleid: slow-expression
    let second = try Regex("(\\w*)*b")
    // ok: slow-expression
    let third = try NSRegularExpression(pattern: "^(ab)+$")
    // ok: slow-expression
    let fourth = try Regex("a+b*")
    // ruleid: range-counts-characters
    let found = first.matches(in: text, options: [], range: NSRange(location: 0, length: text.count))
    // ruleid: range-counts-characters
    let one = first.firstMatch(in: text, range: NSRange(location: 0, length: text.count))
    // ok: range-counts-characters
    let right = first.matches(in: text, options: [], range: NSRange(text.startIndex..., in: text))
    // ok: range-counts-characters
    let units = first.firstMatch(in: text, range: NSRange(location: 0, length: text.utf16.count))
}
