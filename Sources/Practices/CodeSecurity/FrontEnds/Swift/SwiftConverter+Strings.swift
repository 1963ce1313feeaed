#if Scanner
    import SwiftSyntax

    extension SwiftConverter {
        /// Emits a string literal.
        ///
        /// Its name is its static value; interpolated values are its children.
        mutating func string(_ node: StringLiteralExprSyntax, _ role: NodeRole) -> NodeID {
            let isPlain = node.segments.count == 1 && node.openingQuote.tokenKind == .stringQuote
            let id = builder.open(.string, at: start(Syntax(node)), role: role)
            if isPlain, let segment = node.segments.first?.as(StringSegmentSyntax.self) {
                let content = segment.position.utf8Offset..<segment.endPosition.utf8Offset
                builder.setName(id, content)
                if node.openingPounds == nil, source.bytes[content].contains(0x5C) {
                    builder.setStringValue(id, Self.unescaped(source.bytes[content]))
                }
            } else {
                composite(node, id)
            }
            builder.close(id, at: end(Syntax(node)))
            return id
        }

        private mutating func composite(_ node: StringLiteralExprSyntax, _ id: NodeID) {
            var value = ""
            for segment in node.segments {
                switch segment {
                case .stringSegment(let text):
                    let content = text.position.utf8Offset..<text.endPosition.utf8Offset
                    value += node.openingPounds == nil ? Self.unescaped(source.bytes[content]) : source.text(content)
                case .expressionSegment(let expression):
                    builder.insertFlags(id, .isInterpolated)
                    for argument in expression.expressions {
                        _ = emit(.argument, Syntax(argument), role: .interpolation, name: argument.label) {
                            $0.convert(Syntax(argument.expression), role: $1 >= 0 ? .value : .none)
                        }
                    }
                }
            }
            builder.setStringValue(id, value)
        }

        /// Replaces the escapes of a Swift string; unknown ones stay as they are.
        static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
            guard bytes.contains(0x5C) else { return String(decoding: bytes, as: UTF8.self) }
            var result: [UInt8] = []
            result.reserveCapacity(bytes.count)
            var index = bytes.startIndex
            while index < bytes.endIndex {
                let byte = bytes[index]
                guard byte == 0x5C, index + 1 < bytes.endIndex else {
                    result.append(byte)
                    index += 1
                    continue
                }
                let (scalar, length) = escape(bytes[(index + 1)...])
                if let scalar { result.append(contentsOf: Array(String(scalar).utf8)) } else { result.append(byte) }
                index += 1 + length
            }
            return String(decoding: result, as: UTF8.self)
        }

        /// The scalar of an escape after its backslash, and how many bytes it takes; nil and 0 when it is none.
        private static func escape(_ rest: ArraySlice<UInt8>) -> (Unicode.Scalar?, Int) {
            switch rest.first {
            case UInt8(ascii: "n"): return ("\n", 1)
            case UInt8(ascii: "r"): return ("\r", 1)
            case UInt8(ascii: "t"): return ("\t", 1)
            case UInt8(ascii: "0"): return ("\0", 1)
            case UInt8(ascii: "\""): return ("\"", 1)
            case UInt8(ascii: "'"): return ("'", 1)
            case UInt8(ascii: "\\"): return ("\\", 1)
            case UInt8(ascii: "u"):
                guard let close = rest.prefix(12).firstIndex(of: UInt8(ascii: "}")) else { return (nil, 0) }
                let digits = String(
                    decoding: rest[(rest.startIndex + 1)..<close].drop { $0 == UInt8(ascii: "{") }, as: UTF8.self)
                guard let number = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(number) else {
                    return (nil, 0)
                }
                return (scalar, close - rest.startIndex + 1)
            default: return (nil, 0)
            }
        }
    }
#endif
