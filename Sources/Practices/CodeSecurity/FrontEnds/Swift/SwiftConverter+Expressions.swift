#if Scanner
    import SwiftSyntax

    extension SwiftConverter {
        /// Emits an expression; nil when the node is not one, ``Node/none`` when it emitted no single node.
        mutating func convertExpression(_ node: Syntax, role: NodeRole) -> NodeID? {
            switch node.kind {
            case .functionCallExpr: return call(node.cast(FunctionCallExprSyntax.self), role)
            case .memberAccessExpr: return member(node.cast(MemberAccessExprSyntax.self), role)
            case .declReferenceExpr:
                let name = node.cast(DeclReferenceExprSyntax.self).baseName
                return emit(.identifier, node, role: role, name: name) { _, _ in }
            case .stringLiteralExpr: return string(node.cast(StringLiteralExprSyntax.self), role)
            case .simpleStringLiteralExpr: return convertChildren(of: node, role: role) ?? Node.none
            case .integerLiteralExpr: return literal(.integer, node, role)
            case .floatLiteralExpr: return literal(.float, node, role)
            case .booleanLiteralExpr: return literal(.boolean, node, role)
            case .nilLiteralExpr: return literal(.nilLiteral, node, role)
            case .superExpr: return literal(.identifier, node, role)
            case .sequenceExpr: return sequence(node.cast(SequenceExprSyntax.self), role)
            case .closureExpr: return closure(node.cast(ClosureExprSyntax.self), role)
            case .subscriptCallExpr: return subscripting(node.cast(SubscriptCallExprSyntax.self), role)
            case .arrayExpr: return emitAll(.array, node, role: role)
            case .dictionaryExpr: return emitAll(.dictionary, node, role: role)
            case .dictionaryElement: return pair(node.cast(DictionaryElementSyntax.self), role)
            case .tupleExpr: return tuple(node.cast(TupleExprSyntax.self), role)
            case .keyPathExpr: return literal(.keyPath, node, role)
            default: return wrapper(node, role)
            }
        }

        /// What stands around a value and does not change what it is.
        private mutating func wrapper(_ node: Syntax, _ role: NodeRole) -> NodeID? {
            switch node.kind {
            case .prefixOperatorExpr:
                let prefix = node.cast(PrefixOperatorExprSyntax.self)
                return self.prefix(node, prefix.operator, Syntax(prefix.expression), role)
            case .inOutExpr:
                let inout_ = node.cast(InOutExprSyntax.self)
                return prefix(node, inout_.ampersand, Syntax(inout_.expression), role)
            case .macroExpansionExpr:
                let macro = node.cast(MacroExpansionExprSyntax.self)
                return self.macro(node, macro.macroName, Syntax(macro.arguments), macro.trailingClosure, role)
            case .macroExpansionDecl:
                let macro = node.cast(MacroExpansionDeclSyntax.self)
                return self.macro(node, macro.macroName, Syntax(macro.arguments), macro.trailingClosure, role)
            case .forceUnwrapExpr:
                return flagged(Syntax(node.cast(ForceUnwrapExprSyntax.self).expression), .isForced, role)
            case .optionalChainingExpr:
                return flagged(Syntax(node.cast(OptionalChainingExprSyntax.self).expression), .isOptionalChain, role)
            case .tryExpr:
                let attempt = node.cast(TryExprSyntax.self)
                let isForced = attempt.questionOrExclamationMark?.tokenKind == .exclamationMark
                return flagged(Syntax(attempt.expression), isForced ? .isForced : [], role)
            case .genericSpecializationExpr:
                return convert(Syntax(node.cast(GenericSpecializationExprSyntax.self).expression), role: role)
                    ?? Node.none
            default: return nil
            }
        }

        private mutating func literal(_ kind: NodeKind, _ node: Syntax, _ role: NodeRole) -> NodeID {
            let id = builder.leaf(kind, range(node), role: role)
            builder.setName(id, range(node))
            return id
        }

        private mutating func flagged(_ node: Syntax, _ flags: NodeFlags, _ role: NodeRole) -> NodeID {
            guard let id = convert(node, role: role) else { return Node.none }
            builder.insertFlags(id, flags)
            return id
        }

        private mutating func prefix(
            _ node: Syntax, _ token: TokenSyntax, _ operand: Syntax, _ role: NodeRole
        ) -> NodeID {
            emit(.prefix, node, role: role, name: token) { $0.convert(operand, role: $1 >= 0 ? .value : .none) }
        }

        private mutating func macro(
            _ node: Syntax, _ name: TokenSyntax, _ arguments: Syntax, _ trailing: ClosureExprSyntax?, _ role: NodeRole
        ) -> NodeID {
            emit(.macro, node, role: role, name: name) { converter, _ in
                converter.arguments(arguments)
                if let trailing { converter.trailing(trailing, label: nil) }
            }
        }

        private mutating func call(_ node: FunctionCallExprSyntax, _ role: NodeRole) -> NodeID {
            emit(.call, Syntax(node), role: role) { converter, _ in
                converter.convert(Syntax(node.calledExpression), role: .callee)
                converter.arguments(Syntax(node.arguments))
                if let closure = node.trailingClosure { converter.trailing(closure, label: nil) }
                for element in node.additionalTrailingClosures {
                    converter.trailing(element.closure, label: element.label)
                }
            }
        }

        private mutating func subscripting(_ node: SubscriptCallExprSyntax, _ role: NodeRole) -> NodeID {
            emit(.subscripting, Syntax(node), role: role) { converter, _ in
                converter.convert(Syntax(node.calledExpression), role: .base)
                converter.arguments(Syntax(node.arguments))
            }
        }

        /// Emits labelled values as arguments.
        mutating func arguments(_ list: Syntax) {
            for child in list.children(viewMode: .sourceAccurate) {
                guard let argument = child.as(LabeledExprSyntax.self) else { continue }
                _ = emit(.argument, child, role: .none, name: argument.label) {
                    $0.convert(Syntax(argument.expression), role: $1 >= 0 ? .value : .none)
                }
            }
        }

        private mutating func trailing(_ closure: ClosureExprSyntax, label: TokenSyntax?) {
            _ = emit(.argument, Syntax(closure), role: .none, flags: .isTrailing, name: label) {
                $0.convert(Syntax(closure), role: $1 >= 0 ? .value : .none)
            }
        }

        private mutating func member(_ node: MemberAccessExprSyntax, _ role: NodeRole) -> NodeID {
            let flags: NodeFlags = node.base == nil ? .isImplicit : []
            return emit(.member, Syntax(node), role: role, flags: flags, name: node.declName.baseName) { converter, _ in
                if let base = node.base { converter.convert(Syntax(base), role: .base) }
            }
        }

        private mutating func pair(_ node: DictionaryElementSyntax, _ role: NodeRole) -> NodeID {
            emit(.pair, Syntax(node), role: role) { converter, _ in
                converter.convert(Syntax(node.key), role: .key)
                converter.convert(Syntax(node.value), role: .value)
            }
        }

        private mutating func tuple(_ node: TupleExprSyntax, _ role: NodeRole) -> NodeID {
            if node.elements.count == 1, let only = node.elements.first, only.label == nil {
                return convert(Syntax(only.expression), role: role) ?? Node.none
            }
            return emit(.tuple, Syntax(node), role: role) { converter, _ in converter.arguments(Syntax(node.elements)) }
        }

        private mutating func closure(_ node: ClosureExprSyntax, _ role: NodeRole) -> NodeID {
            emit(.closure, Syntax(node), role: role) { converter, _ in
                if let signature = node.signature { converter.signature(signature) }
                let block = converter.builder.open(.block, at: converter.start(Syntax(node.statements)), role: .body)
                converter.convertChildren(of: Syntax(node.statements))
                converter.builder.close(block, at: converter.end(Syntax(node.statements)))
            }
        }

        private mutating func signature(_ signature: ClosureSyntax) {
            for capture in signature.capture?.items ?? [] {
                var flags: NodeFlags = .isLet
                switch capture.specifier?.specifier.text {
                case "weak": flags.insert(.isWeak)
                case "unowned": flags.insert(.isUnowned)
                default: break
                }
                _ = emit(.binding, Syntax(capture), role: .none, flags: flags, name: capture.name) { converter, _ in
                    if let value = capture.initializer?.value { converter.convert(Syntax(value), role: .value) }
                }
            }
            guard let clause = signature.parameterClause else { return }
            convertChildren(of: Syntax(clause))
        }
    }

    typealias ClosureSyntax = ClosureSignatureSyntax
#endif
