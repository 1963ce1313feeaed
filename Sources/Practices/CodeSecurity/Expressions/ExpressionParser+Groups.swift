extension ExpressionParser {
    /// Reads a group from its `(`; nil if it only set flags or was a comment.
    mutating func parseGroup() throws(ExpressionError) -> ExpressionNode? {
        let start = offset
        offset += 1
        guard consume("?") else { return try parseCapture(openedAt: start) }
        try refuseUnsupportedGroup(at: start)
        if consume("#") {
            while let byte = peek(), byte != UInt8(ascii: ")") { offset += 1 }
            return try close(openedAt: start)
        }
        if consume("P<") || consume("<") {
            try parseGroupName()
            return try parseCapture(openedAt: start)
        }
        return try parseFlags(openedAt: start)
    }

    private func refuseUnsupportedGroup(at start: Int) throws(ExpressionError) {
        if lookingAt("=") || lookingAt("!") || lookingAt("<=") || lookingAt("<!") {
            throw ExpressionError(.lookaroundUnsupported, at: start)
        }
        if lookingAt(">") { throw ExpressionError(.atomicUnsupported, at: start) }
        if lookingAt("P=") || lookingAt("P>") || lookingAt("(") || lookingAt("R") || lookingAt("&") {
            throw ExpressionError(.backreferenceUnsupported, at: start)
        }
    }

    /// Reads the name up to its `>` and binds it to the group about to be opened.
    private mutating func parseGroupName() throws(ExpressionError) {
        let start = offset
        while let byte = peek(), ByteSet.word.contains(byte) { offset += 1 }
        let name = String(decoding: pattern[start..<offset], as: UTF8.self)
        let isWellFormed = offset > start && !ByteSet.digit.contains(pattern[start])
        guard isWellFormed, consume(">"), groupNames[name] == nil else {
            throw ExpressionError(.invalidGroupName, at: start)
        }
        groupNames[name] = groupCount + 1
    }

    private mutating func parseCapture(openedAt start: Int) throws(ExpressionError) -> ExpressionNode {
        groupCount += 1
        let index = groupCount
        return .capture(index, try parseGroupBody(openedAt: start))
    }

    private mutating func parseGroupBody(openedAt start: Int) throws(ExpressionError) -> ExpressionNode {
        guard depth < limits.maximumNestingDepth else { throw ExpressionError(.nestingTooDeep, at: start) }
        depth += 1
        defer { depth -= 1 }
        let body = try parseAlternatives()
        try close(openedAt: start)
        return body
    }

    @discardableResult
    private mutating func close(openedAt start: Int) throws(ExpressionError) -> ExpressionNode? {
        guard consume(")") else { throw ExpressionError(.unbalancedParenthesis, at: start) }
        return nil
    }

    /// Reads `flags)` or `flags:body)`.
    private mutating func parseFlags(openedAt start: Int) throws(ExpressionError) -> ExpressionNode? {
        var changed = flags
        var isSetting = true
        while let byte = peek() {
            let place = offset
            offset += 1
            switch byte {
            case UInt8(ascii: "-") where isSetting: isSetting = false
            case UInt8(ascii: "i"): changed.ignoresCase = isSetting
            case UInt8(ascii: "s"): changed.dotMatchesNewline = isSetting
            case UInt8(ascii: "m"): changed.isMultiline = isSetting
            case UInt8(ascii: "x"): changed.isExtended = isSetting
            case UInt8(ascii: ")") where place > start + 2:
                flags = changed
                return nil
            case UInt8(ascii: ":"):
                let outer = flags
                flags = changed
                defer { flags = outer }
                return try parseGroupBody(openedAt: start)
            default: throw ExpressionError(.unknownGroupSyntax, at: place)
            }
        }
        throw ExpressionError(.unbalancedParenthesis, at: start)
    }
}
