#if Scanner
    import ArgumentParser
    import CodeSecurity
    import Foundation

    /// `buckler-scan init`.
    struct InitCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "init", abstract: "Write a configuration, and templates for pre-commit, GitHub and GitLab.")
        @Argument(help: "The project's folder.") var path: String = "."
        @Option(help: "Also write a CI template: github, gitlab or pre-commit. May be repeated.") var ci: [String] = []
        @Option(
            help: "From which repository CI builds buckler-scan; by default the one that this program was built from.")
        var source: String?
        @Option(help: "At which tag or commit CI builds it; by default the one that this program was built from.")
        var revision: String?

        func validate() throws {
            for name in ci where !Templates.names.contains(name) {
                throw ValidationError("--ci is \(Templates.names.joined(separator: ", ")), not \(name)")
            }
            for text in [source, revision].compactMap({ $0 }) where !ToolSource.isPlain(text) {
                throw ValidationError("\(text) is no address and no revision")
            }
        }

        func run() throws {
            guard ProjectPlace.isFolder(path) else { throw ValidationError("\(path) is no folder") }
            try write(Templates.configuration, to: ScanConfiguration.fileName)
            let own = ToolSource.own
            let tool = ToolSource(address: source ?? own.address, revision: revision ?? own.revision)
            for name in ci {
                guard let (file, text) = Templates.ci(name, tool) else { continue }
                try write(text, to: file)
                guard name != "pre-commit", tool.address == nil || tool.revision == nil else { continue }
                Output.error(
                    "\(file) takes from the CI's variables what is not known here: \(Templates.missing(tool))\n")
            }
        }

        private func write(_ text: String, to file: String) throws {
            let target = path + "/" + file
            guard !FileManager.default.fileExists(atPath: target) else {
                Output.error("\(file) is there already; left as it is\n")
                return
            }
            let folder = URL(fileURLWithPath: target).deletingLastPathComponent()
            try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Output.write(Array(text.utf8), to: target)
            print("wrote \(file)")
        }
    }

    /// Where CI gets the program from: no one publishes a binary, so it is built from source.
    struct ToolSource {
        /// The address of the repository; nil when nobody said and the program does not know.
        let address: String?
        /// A tag or a commit.
        let revision: String?

        /// What is known of the clone in which this program was built, while it lies there: its origin and its commit.
        static var own: ToolSource {
            guard let program = Bundle.main.executablePath.flatMap(ProjectPlace.resolved),
                let build = program.range(of: "/.build")
            else { return ToolSource(address: nil, revision: nil) }
            let clone = String(program[..<build.lowerBound])
            return ToolSource(
                address: Git.text(["remote", "get-url", "origin"], in: clone).flatMap(published),
                revision: Git.text(["rev-parse", "HEAD"], in: clone))
        }

        /// An address that others can reach too, without a name or a password in it.
        static func published(_ address: String) -> String? {
            guard address.hasPrefix("https://"), isPlain(address) else { return nil }
            let rest = address.dropFirst("https://".count)
            let host = rest.prefix { $0 != "/" }
            guard let at = host.lastIndex(of: "@") else { return address }
            return "https://" + rest[rest.index(after: at)...]
        }

        /// Whether a text can stand in a template as it is.
        static func isPlain(_ text: String) -> Bool {
            !text.isEmpty && !text.hasPrefix("-")
                && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._~:/@+%".contains($0)) }
        }
    }
#endif
