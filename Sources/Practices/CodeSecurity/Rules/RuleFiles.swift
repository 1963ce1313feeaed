#if Scanner
    /// The rule files of a folder: what could be read, and what was left out and why.
    package struct RuleFiles: Sendable {
        /// Sorted by id; of two with the same id the first, by path.
        package let rules: [Rule]
        /// A file that is wrong is left out whole.
        package let errors: [RuleError]
        /// The files that could be read, as they are.
        package let values: [(path: String, value: RuleValue)]

        /// Reads every `.yaml` below a folder, or one file whatever its name.
        package init(_ files: some ProjectFiles) {
            let listing = files.list()
            var rules: [String: Rule] = [:]
            var values: [(path: String, value: RuleValue)] = []
            var errors = listing.notes.map { RuleError(path: $0.path, line: $0.line, reason: $0.text) }
            let isSingle = listing.files.count == 1
            for file in listing.files where isSingle || file.path.hasSuffix(".yaml") {
                do throws(RuleError) {
                    let (value, found) = try Self.read(file, files)
                    for rule in found {
                        guard rules[rule.id] == nil else {
                            throw RuleError(
                                path: file.path, line: 0, reason: "the id \(rule.id) stands in another file too")
                        }
                    }
                    for rule in found { rules[rule.id] = rule }
                    values.append((file.path, value))
                } catch { errors.append(error) }
            }
            if rules.isEmpty, errors.isEmpty {
                errors.append(
                    RuleError(path: "", line: 0, reason: "there is no rule file here; their names end in .yaml"))
            }
            self.rules = rules.values.sorted { $0.id < $1.id }
            self.errors = errors
            self.values = values
        }

        private static func read(_ file: ProjectFile, _ files: some ProjectFiles) throws(RuleError) -> (
            RuleValue, [Rule]
        ) {
            guard let bytes = files.bytes(of: file) else {
                throw RuleError(path: file.path, line: 0, reason: "cannot be read")
            }
            let value = try RuleValue(yaml: String(decoding: bytes, as: UTF8.self), path: file.path)
            let rules = try RuleDecoder(path: file.path).rules(in: value)
            var ids: Set<String> = []
            for rule in rules where !ids.insert(rule.id).inserted {
                throw RuleError(path: file.path, line: 0, reason: "the id \(rule.id) stands twice")
            }
            return (value, rules)
        }
    }
#endif
