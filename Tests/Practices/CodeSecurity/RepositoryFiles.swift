import CodeSecurity
import Foundation

/// A folder of the checkout that this test was compiled from.
struct RepositoryFiles: ProjectFiles {
    let root: URL

    init(folder: String) {
        root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: folder)
    }

    func list() -> (files: [ProjectFile], notes: [ScanNote]) {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: root.path(percentEncoded: false))) ?? []
        let files = names.filter { !$0.hasPrefix(".") }.compactMap { name -> ProjectFile? in
            let url = root.appending(path: name)
            let values = try? url.resourceValues(forKeys: [.isRegularFileKey, .fileSizeKey])
            guard values?.isRegularFile == true else { return nil }
            return ProjectFile(path: name, byteCount: values?.fileSize ?? 0)
        }
        return (files.sorted { $0.path < $1.path }, [])
    }

    func bytes(of file: ProjectFile) -> [UInt8]? {
        (try? Data(contentsOf: root.appending(path: file.path))).map { Array($0) }
    }
}

/// Files that a test makes up.
struct MemoryFiles: ProjectFiles {
    var files: [String: [UInt8]]
    var notes: [ScanNote] = []

    init(_ texts: [String: String]) { files = texts.mapValues { Array($0.utf8) } }
    init(bytes: [String: [UInt8]]) { files = bytes }

    func list() -> (files: [ProjectFile], notes: [ScanNote]) {
        (files.keys.sorted().map { ProjectFile(path: $0, byteCount: files[$0]?.count ?? 0) }, notes)
    }

    func bytes(of file: ProjectFile) -> [UInt8]? { files[file.path] }
}
