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
            let folder = ProjectPlace(path).folder
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

        /// The bytes of a file of that revision; the path is relative to the root of the repository.
        func bytes(fromRoot path: String) -> [UInt8]? {
            objects.blob("\(commit):\(path)", maximumByteCount: DiskFiles.maximumByteCount)
        }

        /// Files that differ from the revision or are new, relative to the folder; each with its path in the revision.
        ///
        /// A file that was renamed has its former path, unless it was test code or another's before: then all of it is new.
        func changedPaths() throws -> [String: String] {
            let changes = [
                "diff", "--name-status", "--find-renames", "--relative", "-z", "--no-ext-diff", "--diff-filter=ACMRT",
                commit, "--",
            ]
            guard let changed = Git.bytes(changes, in: folder),
                let new = Git.bytes(["ls-files", "--others", "--exclude-standard", "-z"], in: folder)
            else { throw ValidationError("git cannot say what changed since \(commit)") }
            var result: [String: String] = [:]
            for path in Self.texts(new) { result[path] = path }
            var words = Self.texts(changed)[...]
            while let status = words.popFirst(), let path = words.popFirst() {
                guard status.hasPrefix("R") || status.hasPrefix("C") else {
                    result[path] = path
                    continue
                }
                guard let renamed = words.popFirst() else { break }
                let isSameKind = PathClass(path: path).context == PathClass(path: renamed).context
                result[renamed] = isSameKind ? path : renamed
            }
            return result
        }

        private static func texts(_ bytes: [UInt8]) -> [String] {
            bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        }

        /// The files of the revision below a folder, relative to that folder; the folder is relative to the root of the repository.
        func files(belowRoot subfolder: String) -> RevisionFolder {
            let listing = Git.bytes(
                ["ls-tree", "--full-tree", "-r", "-z", "--name-only", "\(commit):\(subfolder)"], in: folder)
            return RevisionFolder(revision: self, folder: subfolder, paths: Self.texts(listing ?? []).sorted())
        }
    }

    /// Files as they were in a revision, under the paths that they have now.
    struct GitFiles: ProjectFiles {
        let revision: GitRevision
        /// Paths in the revision by those of now.
        let formerPaths: [String: String]

        func list() -> (files: [ProjectFile], notes: [ScanNote]) {
            (formerPaths.keys.sorted().map { ProjectFile(path: $0, byteCount: 0) }, [])
        }

        func bytes(of file: ProjectFile) -> [UInt8]? { revision.bytes(of: formerPaths[file.path] ?? file.path) ?? [] }
    }

    /// A folder as it was in a revision.
    struct RevisionFolder: ProjectFiles {
        let revision: GitRevision
        /// Relative to the root of the repository; below it the paths lie.
        let folder: String
        let paths: [String]

        func list() -> (files: [ProjectFile], notes: [ScanNote]) {
            (paths.map { ProjectFile(path: $0, byteCount: 0) }, [])
        }

        func bytes(of file: ProjectFile) -> [UInt8]? {
            revision.bytes(fromRoot: folder.isEmpty ? file.path : folder + "/" + file.path) ?? []
        }
    }
#endif
