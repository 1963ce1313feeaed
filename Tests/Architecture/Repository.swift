import Foundation

/// The checkout that this test was compiled from.
struct Repository {
    let root: URL

    static let current = Repository(
        root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent())

    /// Every Swift file below `folder`, with its path relative to the root and its text.
    func swiftFiles(below folder: String) throws -> [(path: String, text: String)] {
        try files(below: folder).filter { $0.hasSuffix(".swift") }.map { ($0, try text(of: $0)) }
    }

    /// Every regular file below `folder`, relative to the root, without build products.
    func files(below folder: String) throws -> [String] {
        let base = root.appending(path: folder)
        guard let walker = FileManager.default.enumerator(at: base, includingPropertiesForKeys: [.isRegularFileKey])
        else { return [] }
        let prefix = root.path(percentEncoded: false)
        return try walker.compactMap { entry -> String? in
            guard let url = entry as? URL else { return nil }
            let isFile = try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile ?? false
            let path = String(url.path(percentEncoded: false).dropFirst(prefix.count))
                .trimmingCharacters(in: CharacterSet(charactersIn: "/"))
            let parts = path.split(separator: "/")
            let generated = parts.contains {
                $0 == ".git" || $0.hasPrefix(".build") || $0 == ".venv" || $0 == "__pycache__"
            }
            return isFile && !generated ? path : nil
        }.sorted()
    }

    func text(of path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path(percentEncoded: false))
    }
}

/// Source text without comments and string literals, line numbers kept: what a grep for code should look at.
func codeOnly(_ text: String) -> [Substring] {
    var output = ""
    var iterator = Array(text.unicodeScalars)[...]
    var inString = false
    var inBlockComment = 0
    while let scalar = iterator.first {
        let next = iterator.dropFirst().first
        iterator = iterator.dropFirst()
        if inBlockComment > 0 {
            if scalar == "*", next == "/" {
                inBlockComment -= 1
                iterator = iterator.dropFirst()
            }
            if scalar == "\n" { output.unicodeScalars.append(scalar) }
        } else if inString {
            if scalar == "\\" { iterator = iterator.dropFirst() }
            if scalar == "\"" || scalar == "\n" { inString = false }
            if scalar == "\n" { output.unicodeScalars.append(scalar) }
        } else if scalar == "/", next == "/" {
            while let rest = iterator.first, rest != "\n" { iterator = iterator.dropFirst() }
        } else if scalar == "/", next == "*" {
            inBlockComment += 1
        } else if scalar == "\"" {
            inString = true
        } else {
            output.unicodeScalars.append(scalar)
        }
    }
    return output.split(separator: "\n", omittingEmptySubsequences: false)
}
