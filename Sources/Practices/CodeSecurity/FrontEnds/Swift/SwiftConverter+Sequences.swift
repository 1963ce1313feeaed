#if Scanner
    import SwiftSyntax

    extension SwiftConverter {
        /// The longest run of operators that is folded by precedence; longer ones stay flat.
        private static let longestFold = 129

        /// Emits operands and operators as nested nodes, by the standard library's precedence.
        mutating func sequence(_ node: SequenceExprSyntax, _ role: NodeRole) -> NodeID {
            let elements = node.elements.map { Syntax($0) }
            guard elements.count <= Self.longestFold else {
                return emit(.binary, Syntax(node), role: role) { converter, _ in
                    for element in elements { converter.convert(element) }
                }
            }
            return fold(elements[...], role)
        }

        private mutating func fold(_ elements: ArraySlice<Syntax>, _ role: NodeRole) -> NodeID {
            guard let first = elements.first, let last = elements.last else { return Node.none }
            guard elements.count > 2, let index = weakest(elements) else {
                var id: NodeID?
                for element in elements { id = convert(element, role: role) }
                return id ?? Node.none
            }
            let (kind, name) = meaning(of: elements[index])
            let id = builder.open(kind, at: start(first), role: role)
            if let name { builder.setName(id, range(name)) }
            _ = fold(elements[..<index], kind == .ternary ? .condition : .left)
            if let ternary = elements[index].as(UnresolvedTernaryExprSyntax.self) {
                convert(Syntax(ternary.thenExpression), role: .left)
            }
            _ = fold(elements[(index + 1)...], .right)
            builder.close(id, at: end(last))
            return id
        }

        private func meaning(of node: Syntax) -> (NodeKind, Syntax?) {
            switch node.kind {
            case .assignmentExpr: (.assignment, node)
            case .unresolvedTernaryExpr: (.ternary, nil)
            case .unresolvedAsExpr: (.cast, Syntax(node.cast(UnresolvedAsExprSyntax.self).asKeyword))
            case .unresolvedIsExpr: (.cast, Syntax(node.cast(UnresolvedIsExprSyntax.self).isKeyword))
            default: isAssignment(node) ? (.assignment, node) : (.binary, node)
            }
        }

        private func isAssignment(_ node: Syntax) -> Bool { precedence(node) == 1 }

        /// The operator that binds weakest: the last of its kind when it groups to the left, the first otherwise.
        private func weakest(_ elements: ArraySlice<Syntax>) -> Int? {
            var best: Int?
            var bestPrecedence = Int.max
            for index in elements.indices.dropFirst() where (index - elements.startIndex) % 2 == 1 {
                let precedence = precedence(elements[index])
                let groupsRight = precedence <= 2 || precedence == 6
                if precedence < bestPrecedence || (precedence == bestPrecedence && !groupsRight) {
                    best = index
                    bestPrecedence = precedence
                }
            }
            return best
        }

        private func precedence(_ node: Syntax) -> Int {
            switch node.kind {
            case .assignmentExpr: return 1
            case .unresolvedTernaryExpr: return 2
            case .unresolvedAsExpr, .unresolvedIsExpr: return 7
            default: break
            }
            guard let token = node.as(BinaryOperatorExprSyntax.self)?.operator.text else { return 10 }
            return Self.precedences[token] ?? (token.hasSuffix("=") ? 1 : 9)
        }

        private static let precedences: [String: Int] = [
            "+=": 1, "-=": 1, "*=": 1, "/=": 1, "%=": 1, "|=": 1, "&=": 1, "^=": 1, "<<=": 1, ">>=": 1, "||": 3,
            "&&": 4,
            "==": 5, "!=": 5, "===": 5, "!==": 5, "<": 5, ">": 5, "<=": 5, ">=": 5, "~=": 5, "??": 6, "...": 8,
            "..<": 8,
            "+": 9, "-": 9, "&+": 9, "&-": 9, "|": 9, "^": 9, "*": 10, "/": 10, "%": 10, "&": 10, "&*": 10, "<<": 11,
            ">>": 11,
        ]
    }
#endif
