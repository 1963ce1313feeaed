/// What of an upstream's response fields may reach the client (PD-18), and what it asked of the gateway.
package struct ResponseHygiene: Sendable {
    /// What the upstream asked for with `Buckler-Require`.
    package enum Requirement: Sendable, Hashable {
        case none
        case stepUp(StepUpRequirement)
        /// It cannot be read: the request is refused, since something was meant.
        case unreadable
    }

    /// The fields to pass on, the secure fields included; without framing.
    package var fields: [HeaderField]
    /// The announced length of the body.
    package var contentLength: Int?
    /// The body's own framing says where it ends; a length beside it would be a lie.
    private var isChunked = false
    /// The upstream wants the connection closed.
    package var closesConnection = false
    /// More than the policy demanded.
    package var requirement = Requirement.none

    /// Why an upstream's head is refused as a whole: a name that is no token, a value with control characters, two
    /// lengths.
    ///
    /// The client gets 502.
    package struct Refusal: Error {}

    /// Filters a response's fields and adds the secure ones.
    package init(
        _ incoming: some Sequence<HeaderField>, secure: SecureHeaders, isPage: Bool
    ) throws(Refusal) {
        let defaults = isPage ? secure.defaultsForPages : secure.defaultsForUpstream
        self.fields = []
        fields.reserveCapacity(20)
        var nominated: [Substring] = []
        for field in incoming {
            guard FieldSyntax.isToken(field.name), FieldSyntax.isValue(field.value) else { throw Refusal() }
            switch FieldClass.ofResponse(field.name) {
            case .other where !ASCII.equal(field.name, "x-content-type-options"): fields.append(field)
            case .connection: nominated += FieldSyntax.list(field.value)
            case .framing: try readFraming(field)
            case .setCookie where !CookieHygiene.isOurs(ASCII.trimmed(field.value[...])): fields.append(field)
            case .authenticate where !Self.namesDPoP(field.value): fields.append(field)
            case .requirement: requirement = Self.merge(requirement, field.value)
            default: break
            }
        }
        guard !isChunked || contentLength == nil else { throw Refusal() }
        closesConnection = nominated.contains { ASCII.equalIgnoringCase($0, "close") }
        if !nominated.isEmpty {
            fields.removeAll { field in nominated.contains { ASCII.equalIgnoringCase($0, field.name) } }
        }
        // Ours come last: what the upstream nominates away can be its own fields only.
        let own = fields.count
        for known in defaults where !fields[..<own].contains(where: { ASCII.equalIgnoringCase($0.name, known.name) }) {
            fields.append((known.name, known.value))
        }
        for field in secure.imposedOnUpstream { fields.append((field.name, field.value)) }
    }

    private mutating func readFraming(_ field: HeaderField) throws(Refusal) {
        guard ASCII.equal(field.name, "content-length") else {
            guard ASCII.equal(field.value, "chunked") else { throw Refusal() }
            isChunked = true
            return
        }
        guard contentLength == nil, let length = Int(field.value), length >= 0, !field.value.hasPrefix("+") else {
            throw Refusal()
        }
        contentLength = length
    }

    private static func merge(_ before: Requirement, _ text: String) -> Requirement {
        guard before == .none, let parsed = StepUpRequirement(parsing: text) else { return .unreadable }
        return .stepUp(parsed)
    }

    /// True if any challenge in the value is of the scheme DPoP, which is ours alone.
    private static func namesDPoP(_ value: String) -> Bool {
        value.split(whereSeparator: { $0 == "," || $0 == " " || $0 == "\t" })
            .contains { ASCII.equalIgnoringCase($0, "DPoP") }
    }
}
