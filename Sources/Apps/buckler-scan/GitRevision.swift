#if Scanner
    import ArgumentParser
    import CodeSecurity
    import Foundation

    /// A revision of the repository around a folder, read through the git program.
    struct GitRevision {
        /// Where this branch left the revision, or the revision itself.
        let commit: String
        private let folder: String
        /// The folder's path within the repository, with a `/` at its end, or nothing.
        private let prefix: String
        private let objects: GitObjects

        /// Resolves a revision; the merge base with the present commit is what counts.
        init(_ name: String, at path: String) throws {
            let folder = Self.isFolder(path) ? path : Self.folder(of: path)
            self.folder = folder
            guard !name.hasPrefix("-"), !name.contains("\0"), !name.isEmpty else {
                throw ValidationError("\(name) is no git revision")
            }
            guard let objects = GitObjects(in: folder),
                let commit = Git.text(["merge-base", name, "HEAD"], in: folder)
                    ?? Git.text(["rev-parse", "--verify", "--quiet", name + "^{commit}"], in: folder)
            else { throw ValidationError("\(name) is no revision of a git repository around \(path)") }
            self.commit = commit
            self.objects = objects
            prefix = Git.text(["rev-parse", "--show-prefix"], in: folder) ?? ""
        }

        /// The bytes of a file of that revision; the path is relative to the folder.
        func bytes(of path: String) -> [UInt8]? {
            objects.blob("\(commit):\(prefix)\(path)", maximumByteCount: DiskFiles.maximumByteCount)
        }

        /// Files that differ from the revision or are new, relative to the folder.
        func changedPaths() throws -> Set<String> {
            let changes = [
                "diff", "--name-only", "--relative", "-z", "--no-ext-diff", "--diff-filter=ACMRT", commit, "--",
            ]
            guard let changed = Git.bytes(changes, in: folder),
                let new = Git.bytes(["ls-files", "--others", "--exclude-standard", "-z"], in: folder)
            else { throw ValidationError("git cannot say what changed since \(commit)") }
            return Set((changed + new).split(separator: 0).map { String(decoding: $0, as: UTF8.self) })
        }

        /// The files of the revision below a folder, relative to that folder.
        func files(below subfolder: String) -> GitFiles {
            let listing = Git.bytes(
                ["ls-tree", "-r", "-z", "--name-only", "\(commit):\(prefix)\(subfolder)"], in: folder)
            let paths = (listing ?? []).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            return GitFiles(revision: self, folder: subfolder, paths: paths.sorted())
        }

        private static func isFolder(_ path: String) -> Bool {
            var status = stat()
            return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        }

        private static func folder(of path: String) -> String {
            path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        }
    }

    /// Files as they were in a revision.
    struct GitFiles: ProjectFiles {
        let revision: GitRevision
        /// Below which the paths lie; empty for the scanned folder itself.
        var folder = ""
        let paths: [String]

        func list() -> (files: [ProjectFile], notes: [ScanNote]) {
            (paths.map { ProjectFile(path: $0, byteCount: 0) }, [])
        }

        func bytes(of file: ProjectFile) -> [UInt8]? {
            revision.bytes(of: folder.isEmpty ? file.path : folder + "/" + file.path) ?? []
        }
    }
#endif
