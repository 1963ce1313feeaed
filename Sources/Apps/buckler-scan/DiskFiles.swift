#if Scanner
    import CodeSecurity
    import Foundation

    /// The files below a folder, or one file.
    ///
    /// Links are not followed, so that no file is read twice, under a path that depends on the order of a folder, or from outside of the
    /// project; what a link leads to inside the project is read at its own place.
    struct DiskFiles: ProjectFiles {
        let root: String
        /// Larger files are not read, whatever the list said.
        static let maximumByteCount = 67_108_864
        private static let maximumCount = 1_000_000
        private static let maximumDepth = 128

        func list() -> (files: [ProjectFile], notes: [ScanNote]) {
            var status = stat()
            guard stat(root, &status) == 0 else {
                return ([], [ScanNote(kind: .unreadableFile, path: root, text: "does not exist or cannot be read")])
            }
            if status.st_mode & S_IFMT != S_IFDIR {
                let name = root.split(separator: "/").last.map(String.init) ?? root
                return ([ProjectFile(path: name, byteCount: Int(status.st_size))], [])
            }
            var walk = Walk(root: root)
            walk.folder(root, "", depth: 0)
            return (
                walk.files.sorted { $0.path < $1.path }, walk.notes.sorted { ($0.path, $0.text) < ($1.path, $1.text) }
            )
        }

        func bytes(of file: ProjectFile) -> [UInt8]? {
            if let inside = Self.read(root + "/" + file.path) { return inside }
            return root.hasSuffix(file.path) ? Self.read(root) : nil
        }

        /// When each file was changed last, in nanoseconds since 1970; besides those that the scan writes, named without links.
        func modificationTimes(besides leftOut: Set<String>) -> [ProjectFile: Int] {
            var result: [ProjectFile: Int] = [:]
            let base = ProjectPlace.resolved(root) ?? root
            for file in list().files
            where Language(path: file.path) != nil && !leftOut.contains(base + "/" + file.path) {
                var status = stat()
                guard stat(root + "/" + file.path, &status) == 0 || stat(root, &status) == 0 else { continue }
                #if canImport(Darwin)
                    result[file] = status.st_mtimespec.tv_sec * 1_000_000_000 + status.st_mtimespec.tv_nsec
                #else
                    result[file] = status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
                #endif
            }
            return result
        }

        /// The bytes of a regular file; nil when it cannot be read or is larger than ``maximumByteCount``.
        static func read(_ path: String) -> [UInt8]? {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else { return nil }
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                status.st_size <= maximumByteCount
            else { return nil }
            let size = Int(status.st_size)
            return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                while count < size, let base = buffer.baseAddress {
                    let got = Foundation.read(descriptor, base + count, size - count)
                    guard got > 0 else { break }
                    count += got
                }
            }
        }

        private struct Walk {
            let root: String
            var files: [ProjectFile] = []
            var notes: [ScanNote] = []
            private var isFull = false

            init(root: String) { self.root = root }

            mutating func folder(_ absolute: String, _ relative: String, depth: Int) {
                guard depth < DiskFiles.maximumDepth else {
                    return note(
                        .unreadableFile, relative, "lies more than \(DiskFiles.maximumDepth) folders deep; not read")
                }
                guard let directory = opendir(absolute) else {
                    return note(.unreadableFile, relative, "the folder cannot be read")
                }
                defer { closedir(directory) }
                while let entry = readdir(directory), !isFull {
                    let name = withUnsafePointer(to: &entry.pointee.d_name) {
                        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                    }
                    guard name != ".", name != "..", !PathClass.skipped.contains(name) else { continue }
                    add(absolute + "/" + name, relative.isEmpty ? name : relative + "/" + name, depth)
                }
            }

            private mutating func add(_ absolute: String, _ relative: String, _ depth: Int) {
                var status = stat()
                guard lstat(absolute, &status) == 0 else {
                    if Language(path: relative) != nil { note(.unreadableFile, relative, "cannot be read") }
                    return
                }
                switch status.st_mode & S_IFMT {
                case S_IFDIR: folder(absolute, relative, depth: depth + 1)
                case S_IFREG: addFile(relative, Int(status.st_size))
                case S_IFLNK: link(absolute, relative)
                default: return
                }
            }

            private mutating func addFile(_ relative: String, _ byteCount: Int) {
                guard files.count < DiskFiles.maximumCount else {
                    isFull = true
                    return note(
                        .budgetSpent, relative,
                        "is past the first \(DiskFiles.maximumCount) files; the rest is not read")
                }
                files.append(ProjectFile(path: relative, byteCount: byteCount))
            }

            /// Says why a link is not followed, when that leaves something unread.
            private mutating func link(_ absolute: String, _ relative: String) {
                var status = stat()
                guard stat(absolute, &status) == 0, let target = ProjectPlace.resolved(absolute),
                    let base = ProjectPlace.resolved(root)
                else {
                    if Language(path: relative) != nil {
                        note(.unreadableFile, relative, "is a link that leads nowhere")
                    }
                    return
                }
                let isFolder = status.st_mode & S_IFMT == S_IFDIR
                guard isFolder || Language(path: relative) != nil else { return }
                if target != base, !target.hasPrefix(base + "/") {
                    note(.unreadableFile, relative, "is a link out of the project; not followed")
                } else if isFolder, let own = ProjectPlace.resolved(parent(of: absolute)),
                    own == target || own.hasPrefix(target + "/")
                {
                    note(.linkCycle, relative, "is a link to a folder around it; not followed")
                }
            }

            private func parent(of path: String) -> String {
                path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
            }

            private mutating func note(_ kind: ScanNote.Kind, _ path: String, _ text: String) {
                notes.append(ScanNote(kind: kind, path: path, text: text))
            }
        }
    }
#endif
