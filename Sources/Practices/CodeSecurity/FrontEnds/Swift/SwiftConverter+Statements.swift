#if Scanner
    import SwiftSyntax

    extension SwiftConverter {
        /// Emits a statement; nil when the node is not one.
        mutating func convertStatement(_ node: Syntax, role: NodeRole) -> NodeID? {
            switch node.kind {
            case .codeBlock, .memberBlock: return emitAll(.block, node, role: .body)
            case .ifExpr: return branch(node.cast(IfExprSyntax.self), role)
            case .guardStmt:
                let statement = node.cast(GuardStmtSyntax.self)
                return emit(.guardStatement, node, role: role) { converter, _ in
                    converter.convertChildren(of: Syntax(statement.conditions), role: .condition)
                    converter.convert(Syntax(statement.body), role: .elseBody)
                }
            case .switchExpr:
                let statement = node.cast(SwitchExprSyntax.self)
                return emit(.switchStatement, node, role: role) { converter, _ in
                    converter.convert(Syntax(statement.subject), role: .condition)
                    converter.convertChildren(of: Syntax(statement.cases))
                }
            case .switchCase: return emitAll(.switchCase, node, role: role)
            case .forStmt: return loop(node.cast(ForStmtSyntax.self), role)
            case .whileStmt, .repeatStmt: return emitAll(.loop, node, role: role)
            case .doStmt: return emitAll(.doStatement, node, role: role)
            case .catchClause: return emitAll(.catchClause, node, role: role)
            case .returnStmt: return emitAll(.returnStatement, node, role: role)
            case .throwStmt: return emitAll(.throwStatement, node, role: role)
            case .deferStmt: return emitAll(.deferStatement, node, role: role)
            case .ifConfigClause: return conditional(node.cast(IfConfigClauseSyntax.self), role)
            case .optionalBindingCondition: return optionalBinding(node.cast(OptionalBindingConditionSyntax.self), role)
            default: return nil
            }
        }

        private mutating func branch(_ node: IfExprSyntax, _ role: NodeRole) -> NodeID {
            emit(.branch, Syntax(node), role: role) { converter, _ in
                converter.convertChildren(of: Syntax(node.conditions), role: .condition)
                converter.convert(Syntax(node.body), role: .body)
                guard let elseBody = node.elseBody else { return }
                if let id = converter.convert(Syntax(elseBody)) { converter.builder.setRole(id, .elseBody) }
            }
        }

        private mutating func loop(_ node: ForStmtSyntax, _ role: NodeRole) -> NodeID {
            emit(.loop, Syntax(node), role: role) { converter, _ in
                if let name = node.pattern.as(IdentifierPatternSyntax.self)?.identifier {
                    _ = converter.emit(.binding, Syntax(node.pattern), role: .none, flags: .isLet, name: name) { _, _ in
                    }
                }
                converter.convert(Syntax(node.sequence), role: .condition)
                if let clause = node.whereClause { converter.convert(Syntax(clause)) }
                converter.convert(Syntax(node.body), role: .body)
            }
        }

        private mutating func conditional(_ node: IfConfigClauseSyntax, _ role: NodeRole) -> NodeID {
            emit(.conditionalCompilation, Syntax(node), role: role) { converter, id in
                let keyword = node.poundKeyword.text
                let condition = node.condition.map { converter.source.text(converter.range(Syntax($0))) } ?? ""
                converter.builder.setName(id, keyword == "#else" ? "#else" : condition)
                if let elements = node.elements { converter.convert(Syntax(elements)) }
            }
        }

        private mutating func optionalBinding(_ node: OptionalBindingConditionSyntax, _ role: NodeRole) -> NodeID {
            let name = node.pattern.as(IdentifierPatternSyntax.self)?.identifier
            var flags: NodeFlags = .isConditional
            if node.bindingSpecifier.tokenKind == .keyword(.let) { flags.insert(.isLet) }
            return emit(.binding, Syntax(node), role: role, flags: flags, name: name) { converter, _ in
                if let type = node.typeAnnotation?.type { converter.convert(Syntax(type), role: .type) }
                if let value = node.initializer?.value { converter.convert(Syntax(value), role: .value) }
            }
        }
    }
#endif
