/// Reads property lists in XML and in the old style of braces, and build settings (`.xcconfig`).
enum PropertyListFrontEnd {
    static func tree(of source: SourceText) -> CodeTree {
        if source.path.lowercased().hasSuffix(".xcconfig") {
            var reader = BuildSettingsReader(source: source)
            return reader.tree()
        }
        var start = source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while start < source.bytes.count, XMLScanner.isBlank(source.bytes[start]) { start += 1 }
        if start < source.bytes.count, source.bytes[start] != UInt8(ascii: "<") {
            var reader = ASCIIPropertyListReader(source: source)
            return reader.tree()
        }
        var reader = XMLPropertyListReader(source: source)
        return reader.tree()
    }
}
