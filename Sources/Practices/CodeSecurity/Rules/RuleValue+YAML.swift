#if Scanner
    import Yams

    extension RuleValue {
        /// Reads YAML 1.2 of at most 256 KiB and, aliases written out, 100,000 values.
        package init(yaml: String, path: String) throws(RuleError) {
            guard yaml.utf8.count <= 262_144 else {
                throw RuleError(path: path, line: 0, reason: "the file is larger than 256 KiB")
            }
            do {
                guard let node = try Yams.compose(yaml: yaml) else {
                    throw RuleError(path: path, line: 0, reason: "the file is empty")
                }
                var reader = YAMLReader(path: path)
                self = try reader.value(node, depth: 0)
            } catch let error as RuleError {
                throw error
            } catch let error as YamlError {
                let (line, reason) = Self.explained(error)
                throw RuleError(path: path, line: line, reason: "this is not YAML: \(reason)")
            } catch {
                throw RuleError(path: path, line: 0, reason: "this is not YAML")
            }
        }

        private static func explained(_ error: YamlError) -> (line: Int, reason: String) {
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                (mark.line, problem)
            case .duplicatedKeysInMapping(let duplicates, let context):
                (context.mark.line, "the key \(duplicates.first ?? "") stands twice")
            case .reader(let problem, _, _, _): (0, problem)
            default: (0, "it cannot be read")
            }
        }
    }

    /// Takes over what the YAML parser made, within bounds: an alias can stand for much more than the file has bytes.
    private struct YAMLReader {
        let path: String
        private var valuesLeft = 100_000

        init(path: String) { self.path = path }

        mutating func value(_ node: Yams.Node, depth: Int) throws(RuleError) -> RuleValue {
            let line = node.mark?.line ?? 0
            valuesLeft -= 1
            guard valuesLeft > 0 else { throw RuleError(path: path, line: line, reason: "more than 100,000 values") }
            guard depth < 24 else { throw RuleError(path: path, line: line, reason: "nested more than 24 deep") }
            switch node {
            case .scalar(let scalar): return RuleValue(.text(scalar.string), line: line)
            case .sequence(let sequence):
                var values: [RuleValue] = []
                for item in sequence { values.append(try value(item, depth: depth + 1)) }
                return RuleValue(.list(values), line: line)
            case .mapping(let mapping): return try map(mapping, line, depth)
            case .alias: throw RuleError(path: path, line: line, reason: "aliases are not allowed")
            }
        }

        private mutating func map(_ mapping: Yams.Node.Mapping, _ line: Int, _ depth: Int) throws(RuleError)
            -> RuleValue
        {
            var values: [(key: String, value: RuleValue)] = []
            var seen: Set<String> = []
            for (key, item) in mapping {
                guard let name = key.string, seen.insert(name).inserted else {
                    throw RuleError(
                        path: path, line: key.mark?.line ?? line, reason: "a key stands twice or is no text")
                }
                values.append((name, try value(item, depth: depth + 1)))
            }
            return RuleValue(.map(values), line: line)
        }
    }
#endif
