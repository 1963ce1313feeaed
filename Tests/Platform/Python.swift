import Foundation
import TestSupport

extension TemporaryFolder {
    func url(_ name: String) -> URL { URL(filePath: path).appending(path: name) }
}

/// A foreign judge for bytes that we wrote.
enum Python {
    static let path = ForeignProgram.first(of: ["/usr/bin/python3", "/usr/local/bin/python3"])

    static func run(_ program: String, _ arguments: String...) throws -> Data {
        try ForeignProgram.run([path ?? "python3", "-c", program] + arguments).output
    }
}
