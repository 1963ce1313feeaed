import BucklerPrimitives
import SecureChannel
import Testing

@Suite("Route policy")
struct RoutePolicyTests {
    static func policy(_ rules: [(String, RouteAccess)]) throws -> RoutePolicy {
        RoutePolicy(rules: try rules.map { RouteRule(try RoutePattern(parsing: $0.0), access: $0.1) })
    }

    static func access(_ policy: RoutePolicy, _ path: String, method: String = "GET") throws -> String {
        switch try policy.destination(of: try RequestTarget(parsing: path), method: method) {
        case .own: "own"
        case .upstream(let rule): rule.access == .open ? "open" : "session"
        }
    }

    @Test(
        "the first rule that matches decides; without one a session is needed",
        arguments: [
            ("/status", "open"), ("/status/x", "session"), ("/files/a", "open"), ("/files/a/b", "session"),
            ("/files", "session"),
            ("/public", "open"), ("/public/a/b/c", "open"), ("/public/secret/x", "session"), ("/publicx", "session"),
            ("/", "session"),
            ("/status?x=/public", "open"), ("/%73tatus", "open"), ("/users/1/photo", "open"),
            ("/users/1/2/photo", "session"),
        ])
    func firstMatch(path: String, expected: String) throws {
        let policy = try Self.policy([
            ("/status", .open), ("/files/*", .open), ("/public/secret/**", .session), ("/public/**", .open),
            ("/users/*/photo", .open),
        ])
        #expect(try Self.access(policy, path) == expected)
    }

    @Test(
        "our paths are ours however they are configured",
        arguments: [
            ("/buckler", "own"), ("/buckler/oauth/token", "own"), ("/health/live", "own"),
            ("/.well-known/oauth-authorization-server/buckler", "own"), ("/bucklerx", "open"), ("/health", "open"),
            ("/.well-known/other", "open"),
        ])
    func reserved(path: String, expected: String) throws {
        #expect(try Self.access(try Self.policy([("/**", .open)]), path) == expected)
    }

    @Test(
        "a path that lenient servers read as one of another rule is refused",
        arguments: [
            "/PAYMENTS/1", "/Payments/1", "/payments;x=1/1", "/pay%6Dents;/1", "/status/", "/Buckler/x", "/buckler;x/y",
            "/%62uckler/x",
        ])
    func ambiguous(path: String) throws {
        let policy = RoutePolicy(rules: [
            RouteRule(try RoutePattern(parsing: "/payments/**"), minimumLevel: .two),
            RouteRule(try RoutePattern(parsing: "/status"), access: .open),
        ])
        #expect(throws: TargetRefusal.ambiguous) { _ = try Self.access(policy, path) }
    }

    @Test("a rule with bounds of its own cannot be left by a lenient spelling", arguments: ["/Upload", "/upload/"])
    func boundsOfTheirOwn(path: String) throws {
        let pattern = try RoutePattern(parsing: "/upload")
        for rule in [
            RouteRule(pattern, bodyByteCount: 100), RouteRule(pattern, requestTime: .seconds(1)),
        ] {
            let policy = RoutePolicy(rules: [rule])
            #expect(try Self.access(policy, "/upload") == "session")
            #expect(throws: TargetRefusal.ambiguous) { _ = try Self.access(policy, path) }
        }
        #expect(try Self.access(RoutePolicy(rules: [RouteRule(pattern)]), path) == "session")
    }

    @Test(
        "upper case, a trailing slash and parameters pass where no rule differs",
        arguments: ["/Notes/A", "/notes/", "/notes;v=1/a"])
    func harmless(path: String) throws {
        #expect(try Self.access(try Self.policy([("/status", .open)]), path) == "session")
    }

    @Test(
        "a rule for methods is for those alone, and HEAD counts as GET",
        arguments: [
            ("GET", "open"), ("HEAD", "open"), ("POST", "session"), ("get", "session"),
        ])
    func methods(method: String, expected: String) throws {
        let policy = RoutePolicy(rules: [RouteRule(.everything, access: .open, methods: ["GET"])])
        #expect(try Self.access(policy, "/a", method: method) == expected)
    }

    @Test(
        "targets that two servers could read differently are refused, each by its check",
        arguments: [
            ("", TargetRefusal.form), ("a", .form), ("*", .form), ("http://a/b", .form), ("/a//b", .emptySegment),
            ("//", .emptySegment), ("/.", .dotSegment), ("/..", .dotSegment), ("/a/./b", .dotSegment),
            ("/a/%2E%2e", .dotSegment), ("/a/..;p=1/b", .dotSegment), ("/a%2Fb", .escapedSeparator),
            ("/a%5Cb", .escapedSeparator),
            ("/%252e", .escapedSeparator), ("/a%00", .character), ("/a%0d", .character), ("/a%7F", .character),
            ("/%", .character),
            ("/%1", .character), ("/%xx", .character), ("/a b", .character), ("/a\\b", .character),
            ("/a#b", .character),
            ("/ä", .character), ("/a?b c", .character), ("/a?b\u{7F}", .character), ("/{id}", .character),
        ])
    func refusedTargets(text: String, refusal: TargetRefusal) {
        #expect(throws: refusal) { _ = try RequestTarget(parsing: text) }
    }

    @Test(
        "targets that mean one thing pass as they came",
        arguments: ["/", "/a", "/a.b", "/...", "/a/.hidden", "/a%20b", "/%E4%BD%A0", "/a?x=//&y=%2f..", "/100%25"])
    func acceptedTargets(text: String) throws {
        #expect(try RequestTarget(parsing: text).path == text.split(separator: "?")[0])
    }

    @Test("a target beyond 8 KiB is refused")
    func length() {
        #expect(throws: TargetRefusal.length) {
            _ = try RequestTarget(parsing: "/" + String(repeating: "a", count: 8192))
        }
    }

    @Test(
        "patterns that promise what is not kept are refused",
        arguments: [
            ("a", RoutePatternError.missingSlash), ("", .missingSlash), ("/a//b", .segment), ("/a/", .segment),
            ("/..", .segment),
            ("/a%20", .segment), ("/a?b", .segment), ("/**/a", .wildcard), ("/a*", .wildcard), ("/a/b**", .wildcard),
        ])
    func patterns(text: String, refusal: RoutePatternError) {
        #expect(throws: refusal) { _ = try RoutePattern(parsing: text) }
    }

    @Test("damaged targets never crash and never become dot segments")
    func damaged() {
        let entropy = Entropy.seeded(8)
        for _ in 0..<20_000 {
            let text = String(decoding: entropy.bytes(Int(entropy.integer(below: 12))).map { $0 & 0x7F }, as: UTF8.self)
            guard let target = try? RequestTarget(parsing: "/" + text) else { continue }
            let segments = target.path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
            #expect(!segments.contains(".") && !segments.contains(".."))
        }
    }
}
