#if Scanner
    import ArgumentParser
    import BucklerPrimitives
    import CodeSecurity
    import Foundation

    struct RulesCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rules", abstract: "List or test rules.",
            subcommands: [RulesList.self, RulesTest.self, RulesPack.self],
            defaultSubcommand: RulesList.self)
    }

    struct RulesList: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the rules.")
        @Option(help: "A folder of rules instead of the built-in ones.") var rules: String?
        @Option(help: "text, json, or markdown: the page Docs/Rules.md.") var format = "text"

        func run() throws {
            guard ["text", "json", "markdown"].contains(format) else {
                throw ValidationError("--format is text, json or markdown")
            }
            let list = try RuleFiles.usable(rules)
            if format == "json" { return print(RuleList.json(list)) }
            if format == "markdown" {
                let samples = FixtureRun(rules: list, files: DiskFiles(root: rules ?? "Rules")).samplesByRule()
                return print(RuleCatalogue(rules: list, samples: samples).markdown, terminator: "")
            }
            for rule in list.sorted(by: { ($0.metadata.area, $0.id) < ($1.metadata.area, $1.id) }) {
                print(
                    "\(rule.metadata.area)/\(rule.id)  \(rule.severity.name)  \(rule.metadata.cwe.joined(separator: " "))  \(rule.metadata.title)"
                )
            }
            print(Plural.of(list.count, "rule"))
        }
    }

    struct RulesTest: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test", abstract: "Hold every rule against the samples beside it.")
        @Argument(help: "The folder of the rules.") var folder: String = "Rules"

        func run() throws {
            let (rules, errors) = RuleFiles.onDisk(folder)
            for error in errors { print(error.sentence) }
            let failures = FixtureRun(rules: rules, files: DiskFiles(root: folder)).failures()
            for failure in failures { print(failure) }
            print(
                [(rules.count, "rule"), (failures.count, "failure"), (errors.count, "wrong file")]
                    .map { Plural.of($0.0, $0.1) }.joined(separator: ", "))
            if !failures.isEmpty || !errors.isEmpty { throw ExitCode(1) }
        }
    }

    struct RulesPack: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pack", abstract: "Pack rules into the program's source.", shouldDisplay: false)
        @Argument var folder: String = "Rules"
        @Argument var output: String = "Sources/Practices/CodeSecurity/Rules/PackedRules.swift"

        func run() throws {
            let files = RuleFiles(DiskFiles(root: folder))
            for error in files.errors { print(error.sentence) }
            guard files.errors.isEmpty else { throw ExitCode(1) }
            try Output.write(Array(RulePack.sourceFile(try RulePack.pack(files.values)).utf8), to: output)
        }
    }

    /// `buckler-scan explain RULE`.
    struct ExplainCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "explain", abstract: "Say what a rule means and how to mend what it finds.")
        @Argument(help: "The rule's id.") var rule: String
        @Option(help: "A folder of rules instead of the built-in ones.") var rules: String?

        func run() throws {
            let list = try RuleFiles.usable(rules)
            guard let found = list.first(where: { $0.id == rule }) else {
                throw ValidationError("there is no rule \(rule); `buckler-scan rules list` names them")
            }
            let metadata = found.metadata
            print(
                "\(metadata.title)  (\(found.id), \(found.severity.name), confidence \(metadata.confidence.rawValue))\n"
            )
            print("Why   \(metadata.why)\n")
            print("Fix   \(metadata.fix)\n")
            print(
                "Names \((metadata.cwe + metadata.masvs + metadata.maswe + metadata.masweBeta.map { $0 + " (beta)" } + metadata.mastg).joined(separator: ", "))"
            )
            for reference in metadata.references { print("See   \(reference)") }
            print("\nAccept one place:  // buckler-scan:ignore \(found.id) -- why it is right here")
        }
    }

    struct TreeCommand: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "tree", abstract: "Show how a file is read.", shouldDisplay: false)
        @Argument var path: String
        @Flag(help: "Print one JSON object a node, with byte offsets.") var json = false

        func run() throws {
            guard let bytes = DiskFiles.read(path), let text = TextEncoding.utf8(bytes),
                let language = Language(path: path)
            else {
                throw ValidationError("\(path) cannot be read")
            }
            let source = SourceText(path: path, bytes: text)
            let tree = FrontEnds.tree(of: source, language: language)
            for id in 0..<NodeID(tree.count) {
                let node = tree[id]
                let place = source.position(at: Int(node.start))
                if json {
                    print(Self.line(tree, id, place))
                    continue
                }
                let indent = String(repeating: "  ", count: Array(tree.ancestors(id)).count)
                print(
                    "\(indent)\(node.kind) \(node.role == .none ? "" : "\(node.role) ")\(tree.name(id) ?? "") @\(place.line):\(place.column)"
                )
            }
        }
        private static func line(_ tree: CodeTree, _ id: NodeID, _ place: SourcePosition) -> String {
            var object = JSONObject()
            object["id"] = .integer(Int64(id))
            object["parent"] = .integer(Int64(tree[id].parent))
            object["kind"] = .string("\(tree[id].kind)")
            object["role"] = .string("\(tree[id].role)")
            object["name"] = tree.name(id).map { .string($0) } ?? .null
            object["start"] = .integer(Int64(tree[id].start))
            object["end"] = .integer(Int64(tree[id].end))
            object["line"] = .integer(Int64(place.line))
            object["column"] = .integer(Int64(place.column))
            return JSONValue.object(object).text
        }
    }
#endif
