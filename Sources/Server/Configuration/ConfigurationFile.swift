import BucklerPrimitives
import Yams

/// A configuration file's text and where it stands.
package struct ConfigurationFile: Sendable {
    /// For messages: the path as the operator wrote it.
    package let name: String
    /// The absolute folder that relative paths start from.
    package let folder: String
    /// The YAML text.
    package let text: String

    /// Takes a text that was read.
    package init(name: String, folder: String, text: String) {
        self.name = name
        self.folder = folder
        self.text = text
    }

    /// Far more than any configuration, far less than memory.
    package static let maximumByteCount = 1 << 20
}

/// Walks the file's nodes beside the schema; every node has its line.
struct ConfigurationFileReader {
    let file: ConfigurationFile

    func read(into document: inout ConfigurationDocument) {
        guard file.text.utf8.count <= ConfigurationFile.maximumByteCount else {
            return document.refuse(place(1), "file", "larger than 1MiB", allowed: "a configuration of at most 1MiB")
        }
        do {
            // Every value is parsed by its key's type, so YAML's own guesses (and their regular expressions) are not asked for.
            guard let root = try Yams.compose(yaml: file.text, .basic) else { return }
            walk(root, ConfigurationSchema.root, path: "", into: &document)
        } catch let error as YamlError {
            refuse(error, into: &document)
        } catch {
            document.refuse(place(1), "file", "not readable as YAML", allowed: "YAML 1.1, one document")
        }
    }

    private func walk(
        _ node: Node, _ schema: ConfigurationSchema, path: String, into document: inout ConfigurationDocument
    ) {
        let source = place(node.mark?.line ?? 1)
        document.note(path, at: source)
        switch (schema, node) {
        case (.leaf(let key), .scalar(let scalar)):
            guard node.null == nil || scalar.style == .doubleQuoted || scalar.style == .singleQuoted else {
                return document.refuse(source, path, "no value", allowed: key.type.allowed)
            }
            document.add(scalar.string, key: key, path: path, source: source, folder: file.folder)
        case (.leaf(let key), .sequence(let sequence)):
            let texts = sequence.compactMap { $0.scalar?.string }
            guard texts.count == sequence.count else {
                return document.refuse(source, path, "the list holds something else", allowed: key.type.allowed)
            }
            document.add(list: texts, key: key, path: path, source: source)
        case (.leaf(let key), _):
            document.refuse(source, path, "a mapping stands where a value belongs", allowed: key.type.allowed)
        case (.mapping(let names), .mapping(let mapping)):
            walk(mapping, path: path, into: &document) { names[$0] }
        case (.chosenNames(let below), .mapping(let mapping)):
            for (key, _) in mapping { document.note(name: key.scalar?.string ?? "", below: path) }
            walk(mapping, path: path, into: &document) { ClientID(parsing: $0) == nil ? nil : below }
        case (.list(let below), .sequence(let sequence)):
            document.note(count: sequence.count, of: path)
            for (index, entry) in sequence.enumerated() {
                walk(entry, below, path: "\(path)[\(index)]", into: &document)
            }
        case (_, _):
            document.refuse(
                source, path.isEmpty ? "file" : path, "a value of another kind stands here",
                allowed: schema.allowedNames)
        }
    }

    private func walk(
        _ mapping: Node.Mapping, path: String, into document: inout ConfigurationDocument,
        below: (String) -> ConfigurationSchema?
    ) {
        for (key, value) in mapping {
            let source = place(key.mark?.line ?? 1)
            let name = key.scalar?.string ?? "?"
            let whole = path.isEmpty ? name : "\(path).\(name)"
            guard let schema = below(name) else {
                document.refuse(source, whole, "unknown key", allowed: Self.allowedNames(below: path))
                continue
            }
            walk(value, schema, path: whole, into: &document)
        }
    }

    /// The names that the schema knows below a concrete path.
    static func allowedNames(below path: String) -> String {
        var schema = ConfigurationSchema.root
        for part in path.replacing("[", with: ".[").split(separator: ".") {
            switch schema {
            case .mapping(let names): schema = names[String(part)] ?? schema
            case .chosenNames(let below), .list(let below): schema = below
            case .leaf: break
            }
        }
        return schema.allowedNames
    }

    private func refuse(_ error: YamlError, into document: inout ConfigurationDocument) {
        switch error {
        case .duplicatedKeysInMapping(let duplicates, let context):
            let line = context.mark.line
            for name in duplicates {
                document.refuse(place(line), name, "stands there twice", allowed: "each key once")
            }
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            document.refuse(place(mark.line), "file", problem, allowed: "YAML 1.1, one document")
        default:
            document.refuse(place(1), "file", "not readable as YAML", allowed: "YAML 1.1, one document, UTF-8")
        }
    }

    private func place(_ line: Int) -> ConfigurationSource { .file(file.name, line: line) }
}
