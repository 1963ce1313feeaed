/// One file on its way through the passes of a scan.
///
/// Used by one thread.
package final class FileInput {
    package let source: SourceText
    package let language: Language
    package let context: CodeContext
    private let vocabulary: Vocabulary
    private let words: KeywordSet
    /// What the worker knows of the rules' expressions.
    let scanners: ExpressionScanners
    /// What stands before the path in fingerprints.
    let pathPrefix: String
    /// Whether something needed the tree.
    package private(set) var isParsed = false
    /// The file's tree and what is known about it; parsed when first asked for.
    package private(set) lazy var analysis: FileAnalysis = parse()

    init(
        source: SourceText, language: Language, context: CodeContext, vocabulary: Vocabulary,
        scanners: ExpressionScanners, pathPrefix: String = ""
    ) {
        self.source = source
        self.language = language
        self.context = context
        self.vocabulary = vocabulary
        self.scanners = scanners
        self.pathPrefix = pathPrefix
        words = vocabulary.automaton.present(in: source.bytes)
    }

    /// Whether a word of the vocabulary stands anywhere in the file.
    package func has(_ word: RequiredWord) -> Bool {
        guard let index = vocabulary.index[word] else { return false }
        return words.contains(index)
    }

    /// Whether every clause has a word that stands in the file; words are numbers of the vocabulary.
    func satisfies(_ clauses: [[Int]]) -> Bool {
        clauses.allSatisfy { clause in clause.contains { words.contains($0) } }
    }

    /// The file as one node.
    var emptyTree: CodeTree {
        var builder = TreeBuilder(source: source, language: language)
        return builder.finish()
    }

    /// What the analysis of the file left out, if anything; nothing is parsed for the answer.
    var notes: [ScanNote] {
        guard isParsed else { return [] }
        var notes: [ScanNote] = []
        if let offset = analysis.tree.partialFrom {
            notes.append(
                ScanNote(
                    kind: .readInPart, path: source.path, line: source.position(at: offset).line,
                    text: "is nested deeper, or goes on longer, than the analyser follows; read in part from here on"))
        }
        if analysis.budget.isSpent || analysis.leftPatternCount > 0 {
            notes.append(
                ScanNote(
                    kind: .budgetSpent, path: source.path,
                    text: "took too many steps; some rules were not held against all of it"))
        }
        return notes
    }

    private func parse() -> FileAnalysis {
        isParsed = true
        return FileAnalysis(tree: FrontEnds.tree(of: source, language: language), scanners: scanners)
    }
}

/// Looks at one file at a time.
///
/// Must be safe to run for several files at once.
package protocol FilePass: Sendable {
    /// Words whose presence the pass will ask about.
    var words: [RequiredWord] { get }
    /// What the pass says about one file.
    func run(_ file: FileInput) -> FilePassResult
}

/// What a pass found in one file.
package struct FilePassResult: Sendable {
    package var findings: [Finding] = []
    package var facts: [Fact] = []
    package var notes: [ScanNote] = []

    package init(findings: [Finding] = [], facts: [Fact] = [], notes: [ScanNote] = []) {
        self.findings = findings
        self.facts = facts
        self.notes = notes
    }
}

/// Something that is true of a place and means nothing until other files are known: an API used, a key declared.
package struct Fact: Hashable, Sendable {
    /// What kind of thing it is, such as `required-reason-api` or `usage-description`.
    package let kind: String
    /// Which one, such as `NSPrivacyAccessedAPICategoryUserDefaults`.
    package let value: String
    package let path: String
    package let start: SourcePosition
    package let end: SourcePosition
    package let context: CodeContext
    /// The name that stands there, when it is not the value.
    package let detail: String
    /// The line of the place, for a finding made of the fact.
    package let snippet: [String]

    package init(
        kind: String, value: String, path: String, start: SourcePosition, end: SourcePosition, context: CodeContext,
        detail: String = "", snippet: [String] = []
    ) {
        self.kind = kind
        self.value = value
        self.path = path
        self.start = start
        self.end = end
        self.context = context
        self.detail = detail
        self.snippet = snippet
    }
}

/// Looks at the facts of all files after every file was read.
package protocol ProjectPass: Sendable {
    /// What follows from the facts; `paths` are all files of the project, sorted.
    func run(facts: [Fact], paths: [String]) -> [Finding]
}

/// The words that all rules and passes ask about, found in one pass over a file.
package final class Vocabulary: Sendable {
    let automaton: KeywordAutomaton
    let index: [RequiredWord: Int]

    package init(_ words: some Sequence<RequiredWord>) {
        var index: [RequiredWord: Int] = [:]
        var list: [(bytes: [UInt8], caseInsensitive: Bool)] = []
        for word in words where index[word] == nil {
            index[word] = list.count
            list.append((word.bytes, word.ignoresCase))
        }
        self.index = index
        automaton = KeywordAutomaton(list)
    }

    /// Clauses of words as clauses of their numbers; a word that is not of the vocabulary is left out.
    func numbers(of clauses: [[RequiredWord]]) -> [[Int]] { clauses.map { $0.compactMap { index[$0] } } }
}
