import Synchronization

/// An expression of a rule; it is compiled when a file first needs it.
package final class ExpressionSource: Sendable {
    package let text: String
    private let compiled = Mutex<Result<LinearExpression, ExpressionError>?>(nil)

    package init(_ text: String) { self.text = text }

    /// The expression, compiled once.
    package func expression() throws(ExpressionError) -> LinearExpression {
        try compiled.withLock { known -> Result<LinearExpression, ExpressionError> in
            if let known { return known }
            let result = Result { () throws(ExpressionError) in try LinearExpression(parsing: text) }
            known = result
            return result
        }.get()
    }
}

extension ExpressionSource {
    /// Reads an expression of a rule file; with its line known, what is wrong with it is an error at once.
    convenience init(_ value: RuleValue, path: String) throws(RuleError) {
        guard let text = value.text else {
            throw RuleError(path: path, line: value.line, reason: "an expression is a text")
        }
        self.init(text)
        guard value.line > 0 else { return }
        do throws(ExpressionError) {
            _ = try expression()
        } catch {
            throw RuleError(path: path, line: value.line, reason: "the expression is not usable: \(error)")
        }
    }
}
