#if Scanner
    import SwiftSyntax

    extension SwiftConverter {
        /// Emits a declaration or a type; nil when the node is neither.
        mutating func convertDeclaration(_ node: Syntax, role: NodeRole) -> NodeID? {
            switch node.kind {
            case .variableDecl: return variable(node.cast(VariableDeclSyntax.self), role)
            case .functionDecl:
                let function = node.cast(FunctionDeclSyntax.self)
                return self.function(node, function.name, function.modifiers, role)
            case .initializerDecl:
                let function = node.cast(InitializerDeclSyntax.self)
                return self.function(node, function.initKeyword, function.modifiers, role)
            case .deinitializerDecl:
                return emitAll(
                    .functionDeclaration, node, role: role, name: node.cast(DeinitializerDeclSyntax.self).deinitKeyword)
            case .subscriptDecl: return emitAll(.functionDeclaration, node, role: role)
            case .accessorDecl:
                return emitAll(.accessor, node, role: role, name: node.cast(AccessorDeclSyntax.self).accessorSpecifier)
            case .functionParameter: return parameter(node.cast(FunctionParameterSyntax.self), role)
            case .closureParameter:
                let parameter = node.cast(ClosureParameterSyntax.self)
                return emitAll(.parameter, node, role: role, name: parameter.secondName ?? parameter.firstName)
            case .closureShorthandParameter:
                return emitAll(.parameter, node, role: role, name: node.cast(ClosureShorthandParameterSyntax.self).name)
            case .classDecl: return type(node, node.cast(ClassDeclSyntax.self).name, .isClass, role)
            case .actorDecl: return type(node, node.cast(ActorDeclSyntax.self).name, .isClass, role)
            case .structDecl: return type(node, node.cast(StructDeclSyntax.self).name, [], role)
            case .enumDecl: return type(node, node.cast(EnumDeclSyntax.self).name, [], role)
            case .protocolDecl: return type(node, node.cast(ProtocolDeclSyntax.self).name, .isProtocol, role)
            case .inheritedType:
                return convert(Syntax(node.cast(InheritedTypeSyntax.self).type), role: .inherited) ?? Node.none
            case .enumCaseElement:
                return emitAll(.enumCase, node, role: role, name: node.cast(EnumCaseElementSyntax.self).name)
            case .initializerClause:
                return convert(Syntax(node.cast(InitializerClauseSyntax.self).value), role: .value) ?? Node.none
            default: return outer(node, role)
            }
        }

        private mutating func outer(_ node: Syntax, _ role: NodeRole) -> NodeID? {
            switch node.kind {
            case .extensionDecl:
                let declaration = node.cast(ExtensionDeclSyntax.self)
                return emit(.extensionDeclaration, node, role: role) { converter, id in
                    converter.builder.setName(id, converter.range(Syntax(declaration.extendedType)))
                    if let clause = declaration.inheritanceClause { converter.convert(Syntax(clause)) }
                    converter.convert(Syntax(declaration.memberBlock))
                }
            case .importDecl:
                let path = node.cast(ImportDeclSyntax.self).path
                let id = builder.leaf(.importation, range(node), role: role)
                builder.setName(id, range(Syntax(path)))
                return id
            case .attribute:
                let attribute = node.cast(AttributeSyntax.self)
                return emit(.attribute, node, role: role) { converter, id in
                    converter.builder.setName(id, converter.range(Syntax(attribute.attributeName)))
                    if let arguments = attribute.arguments { converter.arguments(Syntax(arguments)) }
                }
            case .declModifierList, .genericParameterClause, .genericWhereClause: return Node.none
            case .identifierType, .memberType, .arrayType, .dictionaryType, .optionalType,
                .implicitlyUnwrappedOptionalType,
                .someOrAnyType, .attributedType, .tupleType, .functionType, .compositionType, .metatypeType:
                let id = builder.leaf(.typeName, range(node), role: role == .none ? .type : role)
                builder.setName(id, range(node))
                return id
            default: return nil
            }
        }

        private mutating func type(_ node: Syntax, _ name: TokenSyntax, _ flags: NodeFlags, _ role: NodeRole) -> NodeID
        {
            emit(.typeDeclaration, node, role: role, flags: flags, name: name) { converter, _ in
                converter.convertChildren(of: node)
            }
        }

        private mutating func function(
            _ node: Syntax, _ name: TokenSyntax, _ modifiers: DeclModifierListSyntax, _ role: NodeRole
        ) -> NodeID {
            emit(.functionDeclaration, node, role: role, flags: flags(of: modifiers), name: name) { converter, _ in
                converter.convertChildren(of: node)
            }
        }

        private mutating func parameter(_ node: FunctionParameterSyntax, _ role: NodeRole) -> NodeID {
            emit(.parameter, Syntax(node), role: role, name: node.secondName ?? node.firstName) { converter, _ in
                converter.convert(Syntax(node.type), role: .type)
                if let value = node.defaultValue?.value { converter.convert(Syntax(value), role: .value) }
            }
        }

        /// Emits one binding for each name that a declaration declares.
        private mutating func variable(_ node: VariableDeclSyntax, _ role: NodeRole) -> NodeID {
            var flags = flags(of: node.modifiers)
            if node.bindingSpecifier.tokenKind == .keyword(.let) { flags.insert(.isLet) }
            var emitted: NodeID?
            for binding in node.bindings {
                let whole = node.bindings.count == 1 ? Syntax(node) : Syntax(binding)
                let name = binding.pattern.as(IdentifierPatternSyntax.self)?.identifier
                emitted = emit(.binding, whole, role: role, flags: flags, name: name) { converter, _ in
                    if node.bindings.count == 1 { converter.convert(Syntax(node.attributes)) }
                    if let type = binding.typeAnnotation?.type { converter.convert(Syntax(type), role: .type) }
                    if let value = binding.initializer?.value { converter.convert(Syntax(value), role: .value) }
                    if let accessors = binding.accessorBlock { converter.accessors(accessors) }
                }
            }
            return node.bindings.count == 1 ? emitted ?? Node.none : Node.none
        }

        private mutating func accessors(_ node: AccessorBlockSyntax) {
            switch node.accessors {
            case .accessors(let list): convertChildren(of: Syntax(list))
            case .getter(let items):
                let id = builder.open(.accessor, at: start(Syntax(node)))
                builder.setName(id, "get")
                let block = builder.open(.block, at: start(Syntax(items)), role: .body)
                convertChildren(of: Syntax(items))
                builder.close(block, at: end(Syntax(items)))
                builder.close(id, at: end(Syntax(node)))
            }
        }

        private func flags(of modifiers: DeclModifierListSyntax) -> NodeFlags {
            var flags: NodeFlags = []
            for modifier in modifiers {
                switch modifier.name.text {
                case "static", "class": flags.insert(.isStatic)
                case "weak": flags.insert(.isWeak)
                case "unowned": flags.insert(.isUnowned)
                case "private", "fileprivate": flags.insert(.isPrivate)
                default: break
                }
            }
            return flags
        }
    }
#endif
