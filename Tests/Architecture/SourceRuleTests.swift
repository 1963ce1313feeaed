import Foundation
import Testing

@Suite("Source rules")
struct SourceRuleTests {
    @Test(
        "practices, standards and storage ask nothing of the system: no clock, no randomness, no environment, no sleep")
    func injected() throws {
        let forbidden = [
            "Date()", "UUID()", ".random(in:", ".randomElement", ".shuffled()", "Task.sleep", "ProcessInfo",
            "getenv(", "SystemRandomNumberGenerator", "ContinuousClock()", "SuspendingClock()", "Task {",
            "Task.detached",
        ]
        for folder in ["Sources/Practices", "Sources/Standards", "Sources/Storage", "Sources/API"] {
            for file in try Repository.current.swiftFiles(below: folder) {
                for (number, line) in codeOnly(file.text).enumerated() {
                    for word in forbidden where line.contains(word) {
                        Issue.record("\(file.path):\(number + 1) says \(word)")
                    }
                }
            }
        }
    }

    @Test("nothing is tried or cast by force")
    func noForce() throws {
        for file in try Repository.current.swiftFiles(below: "Sources") where !Self.forcedCasts.keys.contains(file.path)
        {
            for (number, line) in codeOnly(file.text).enumerated() where line.contains("try!") || line.contains(" as! ")
            {
                Issue.record("\(file.path):\(number + 1) forces: \(line)")
            }
        }
    }

    /// Files that cast by force, and why.
    static let forcedCasts = [
        "Sources/Client/PlatformKeys/SecureEnclaveKeyStore.swift":
            "a Core Foundation reference has no conditional cast; its type was asked for in the query"
    ]

    @Test("unchecked concurrency says why beside itself")
    func uncheckedHasReasons() throws {
        for file in try Repository.current.swiftFiles(below: "Sources") {
            let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false)
            for (number, line) in codeOnly(file.text).enumerated()
            where line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)") {
                let above = lines[max(0, number - 8)...number].joined(separator: " ")
                #expect(above.contains("//"), "\(file.path):\(number + 1) gives no reason")
                #expect(Self.unchecked.keys.contains(file.path), "\(file.path) is not in the list of such files")
            }
        }
    }

    /// Files with types that the compiler cannot check, and why neither `let` nor a `Mutex` will do.
    static let unchecked = [
        "Sources/Core/Primitives/SecretBytes.swift": "the bytes are overwritten in `deinit`, and lent without a lock",
        "Sources/SQLiteDriver/WriteJob.swift": "a job belongs to its caller, then to the queue",
        "Sources/Client/LinuxTransport/AsyncHTTPTransport.swift": "no `Mutex` over an `await`",
        "Sources/Client/PlatformKeys/SecureEnclaveKeyStore.swift": "`SecKey` is immutable, and not marked",
        "Sources/Client/PlatformKeys/DevelopmentAnchor.swift": "`SecCertificate` is immutable, and not marked",
        "Sources/Client/AppleStubs/StubDevice.swift": "attributes are `Any`, as Apple's are",
        "Sources/Client/AppleStubs/SecItem.swift": "attributes are `Any`, as Apple's are",
    ]

    @Test("unstructured tasks exist only where the list says, each with its reason")
    func unstructuredTasks() throws {
        for file in try Repository.current.swiftFiles(below: "Sources") where !file.path.hasPrefix("Sources/Apps/") {
            if Self.tasksWithReason.keys.contains(where: { file.path.hasPrefix($0) }) { continue }
            for (number, line) in codeOnly(file.text).enumerated()
            where line.contains(/\bTask( ?\{|\.detached|\()/) {
                Issue.record("\(file.path):\(number + 1) starts an unstructured task")
            }
        }
    }

    /// Where a task may outlive its caller, and why.
    static let tasksWithReason = [
        "Sources/Client/":
            "a cancelled call must not cancel the shared refresh; the SDK lives in apps, outside any service group"
    ]

    @Test("a file has at most 400 lines, but for the listed ones")
    func fileLength() throws {
        for folder in ["Sources", "Tests"] {
            for file in try Repository.current.swiftFiles(below: folder) where !Self.longFiles.keys.contains(file.path)
            {
                let count = file.text.split(separator: "\n", omittingEmptySubsequences: false).count
                #expect(count <= 401, "\(file.path) has \(count) lines")
            }
        }
    }

    /// Files that are longer, and why.
    static let longFiles: [String: String] = [:]

    @Test("the project names no machine, no home folder and no package registry")
    func speaksOfItselfAlone() throws {
        let forbidden = ["/" + "work/", "/" + "root/", "pypi" + ".org", "deb.debian" + ".org", "crates" + ".io"]
        let repository = Repository.current
        let textual = [".swift", ".md", ".sh", ".py", ".yaml", ".yml", ".json", ".txt", ".html", "Makefile", "run"]
        for folder in ["Sources", "Tests", "Docs", "scripts", "Examples", "Benchmarks", ".ci"] {
            for path in try repository.files(below: folder) where textual.contains(where: { path.hasSuffix($0) }) {
                guard let text = try? repository.text(of: path) else { continue }
                for word in forbidden where text.contains(word) { Issue.record("\(path) says \(word)") }
            }
        }
    }
}
