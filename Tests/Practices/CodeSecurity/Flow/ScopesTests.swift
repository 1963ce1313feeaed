#if Scanner
    import Testing

    @testable import CodeSecurity

    @Suite("Names and what they stand for")
    struct ScopesTests {
        private func analysis(_ text: String) -> FileAnalysis {
            FileAnalysis(tree: FrontEnds.tree(of: SourceText(path: "a.swift", text: text), language: .swift))
        }

        /// The text of every declaration that the uses of a name stand for, in the order of the text; `-` for none.
        private func declarations(of name: String, _ text: String) -> [String] {
            let analysis = analysis(text)
            let uses = analysis.nodes(named: CodeTree.hash(name)).filter {
                analysis.tree[$0].kind == .identifier || analysis.tree[$0].kind == .member
            }
            func ask() -> [String] {
                uses.map { analysis.scopes.declaration(of: $0).map(analysis.tree.text) ?? "-" }
            }
            let first = ask()
            #expect(ask() == first, "what is remembered differs from what was found")
            return first
        }

        @Test("the innermost declaration before a use is meant")
        func nesting() {
            let text = "let a = 1\nfunc f(a: Int) {\n  g(a)\n  if b { let a = 2\n g(a) }\n  g(a)\n}\ng(a)\n"
            #expect(declarations(of: "a", text) == ["a: Int", "let a = 2", "a: Int", "let a = 1"])
        }

        @Test("members of self and of types of the file are found, those of others are not")
        func members() {
            let text = "enum K { static let a = 1 }\nextension L { static let a = 2 }\nf(K.a, M.a, Self.a)\n"
            #expect(declarations(of: "a", text) == ["static let a = 2", "-", "static let a = 2"])
            #expect(declarations(of: "z", "f(z, self.z)") == ["-", "-"])
        }

        @Test("the value of a constant is the same however often it is asked for")
        func constants() throws {
            let analysis = analysis("let a = \"x\" + b\nlet b = \"y\"\nf(a, c)\nvar c = \"z\"\nc = \"w\"\n")
            let call = try #require(analysis.calls(named: CodeTree.hash("f")).first)
            let values = analysis.tree.children(call).compactMap { analysis.tree.child($0, .value) }
            #expect(values.count == 2)
            for _ in 0..<2 {
                #expect(values.map { analysis.constants.string($0) } == ["xy", nil])
            }
        }

        @Test("a function or a getter that only gives a constant stands for it")
        func results() throws {
            let text = """
                func a() -> String { return "x" }
                func b() -> Int { 5 }
                var c: String { "y" }
                func d() -> String { log(); return "z" }
                func e() -> String { e() }
                enum K { static func f() -> [UInt8] { [1, 2] } }
                use(a(), b(), c, d(), e(), K.f(), other.a())
                """
            let analysis = analysis(text)
            let call = try #require(analysis.calls(named: CodeTree.hash("use")).first)
            let values = analysis.tree.children(call).compactMap { analysis.tree.child($0, .value) }
            #expect(values.map { analysis.constants.string($0) } == ["x", nil, "y", nil, nil, nil, nil])
            #expect(values.map { analysis.constants.integer($0) } == [nil, 5, nil, nil, nil, nil, nil])
            #expect(values.map { analysis.constants.isData($0) } == [true, true, true, false, false, true, false])
        }

        @Test("nodes are found by kind, by name and by callee")
        func index() {
            let analysis = analysis("@_silgen_name(\"rand\") func mine() -> Int\nmine()\nA.init(1)\nA(2)\n")
            #expect(analysis.nodes(of: .call).count == 3)
            #expect(analysis.calls(named: CodeTree.hash("A")).count == 2)
            #expect(analysis.calls(named: CodeTree.hash("rand")).count == 1)
            #expect(analysis.index.hasName(CodeTree.hash("rand")))
            #expect(!analysis.index.hasName(CodeTree.hash("random")))
        }
    }
#endif
