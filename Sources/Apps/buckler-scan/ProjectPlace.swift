#if Scanner
    import CodeSecurity
    import Foundation

    /// Where a scanned file or folder lies: in which repository, and what of it is above.
    struct ProjectPlace {
        /// The folder that is scanned, or the one that holds the scanned file, without links.
        let folder: String
        /// The root of the repository around it; the folder itself where there is none.
        let root: String
        /// The folder's path below the root, with a `/` at its end, or nothing.
        let prefix: String

        /// Looks for the nearest `.git` at or above a path.
        init(_ path: String) {
            let real = Self.resolved(path) ?? path
            folder = Self.isFolder(real) ? real : Self.parent(of: real)
            var root = folder
            while !Self.exists(root + "/.git") {
                guard root != "/", root != Self.parent(of: root) else {
                    root = folder
                    break
                }
                root = Self.parent(of: root)
            }
            self.root = root
            prefix = root == folder ? "" : String(folder.dropFirst(root == "/" ? 1 : root.count + 1)) + "/"
        }

        /// The folders from the scanned one up to the root, as prefixes of paths below the root.
        var prefixes: [String] {
            var result = [prefix]
            while let last = result.last, !last.isEmpty {
                let names = last.split(separator: "/").dropLast()
                result.append(names.isEmpty ? "" : names.joined(separator: "/") + "/")
            }
            return result
        }

        static func isFolder(_ path: String) -> Bool {
            var status = stat()
            return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        }

        /// A path without links; nil when it does not exist.
        static func resolved(_ path: String) -> String? {
            guard let text = realpath(path, nil) else { return nil }
            defer { free(text) }
            return String(cString: text)
        }

        private static func exists(_ path: String) -> Bool {
            var status = stat()
            return stat(path, &status) == 0
        }

        private static func parent(of path: String) -> String {
            path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        }
    }
#endif
