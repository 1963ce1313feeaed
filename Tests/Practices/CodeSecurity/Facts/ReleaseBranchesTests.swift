import Testing

@testable import CodeSecurity

@Suite("Branches of released apps")
struct ReleaseBranchesTests {
    @Test(
        "a place in a debug or simulator branch never ships",
        arguments: [
            ("#if DEBUG\nHERE\n#endif", true), ("  #if targetEnvironment(simulator)\n  if a { HERE }\n#endif", true),
            ("#if DEBUG\n#if os(iOS)\nHERE\n#endif\n#endif", true), ("#if DEBUG && os(iOS)\nHERE\n#endif", true),
            ("#if DEBUG\nlet a = 1\n#else\nHERE\n#endif", false), ("#if DEBUG\n#endif\nHERE", false),
            ("#if DEBUG || BETA\nHERE\n#endif", false), ("#if !DEBUG\nHERE\n#endif", false), ("HERE", false),
            ("#if os(iOS)\n#if DEBUG\n#endif\nHERE\n#endif", false), ("#endif\nHERE", false),
        ])
    func branches(text: String, isLeftOut: Bool) throws {
        let source = SourceText(path: "a.swift", bytes: Array(text.utf8))
        let place = try #require(text.utf8.firstRange(of: "HERE".utf8)).lowerBound
        let offset = text.utf8.distance(from: text.utf8.startIndex, to: place)
        #expect(ReleaseBranches.leaveOut(offset, in: source) == isLeftOut)
    }
}
