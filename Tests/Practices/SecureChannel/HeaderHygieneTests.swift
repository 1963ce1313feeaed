import SecureChannel
import Testing

@Suite("Header hygiene")
struct HeaderHygieneTests {
    static let secure = SecureHeaders(.strict)

    static func request(_ fields: [(String, String)], isPage: Bool = false) throws(RequestFieldRefusal) -> [String:
        String]
    {
        let incoming: [HeaderField] = [("Host", "a")] + fields.map { (name: $0.0, value: $0.1) }
        let kept = try RequestHygiene(incoming, isPage: isPage).fields
        return Dictionary(kept.map { ($0.name, $0.value) }, uniquingKeysWith: { $0 + "," + $1 })
    }

    static func response(_ fields: [(String, String)], isPage: Bool = false) throws(ResponseHygiene.Refusal)
        -> ResponseHygiene
    {
        try ResponseHygiene(fields.map { (name: $0.0, value: $0.1) }, secure: secure, isPage: isPage)
    }

    @Test(
        "malformed fields refuse the request as a whole",
        arguments: [
            ("A B", "1", RequestFieldRefusal.character), ("", "1", .character), ("X:", "1", .character),
            ("Ä", "1", .character),
            ("X", "a\rb", .character), ("X", "a\nb", .character), ("X", "a\u{0}b", .character),
            ("X", "\u{7F}", .character),
            ("Host", "b", .authority), ("Content-Length", "-1", .contentLength), ("Content-Length", "", .contentLength),
            ("Content-Length", "1a", .contentLength), ("Content-Length", "9999999999999999999", .contentLength),
            ("Expect", "200-ok", .expectation),
            ("Sec-Fetch-Dest", "Document", .page),
        ])
    func refused(name: String, value: String, refusal: RequestFieldRefusal) {
        #expect(throws: refusal) { _ = try Self.request([(name, value)]) }
    }

    @Test("two lengths refuse the request, equal or not")
    func twoLengths() {
        #expect(throws: RequestFieldRefusal.contentLength) {
            _ = try Self.request([("Content-Length", "1"), ("content-length", "1")])
        }
    }

    @Test("ordinary fields pass unchanged, in number and order")
    func ordinary() throws {
        let fields = [
            ("Accept", "a"), ("X-Custom", "täg"), ("Content-Type", "b"), ("Accept", "c"), ("Sec-Fetch-Dest", "empty"),
        ]
        let kept = try RequestHygiene([("host", "a")] + fields.map { (name: $0.0, value: $0.1) }, isPage: false).fields
        #expect(kept.map(\.name) == fields.map(\.0))
        #expect(kept.map(\.value) == fields.map(\.1))
    }

    @Test("no mixture of case, underscore and hyphen carries one of our names", arguments: 0..<64)
    func spellings(number: Int) throws {
        let letters = Array("buckler-identity").enumerated().map { index, letter -> String in
            let flipped = (number >> (index % 6)) & 1 == 1
            if letter == "-" { return flipped ? "_" : "-" }
            return flipped ? letter.uppercased() : String(letter)
        }
        #expect(try Self.request([(letters.joined(), "forged")]).isEmpty)
        #expect(try Self.response([(letters.joined(), "forged")]).fields.allSatisfy { $0.value != "forged" })
    }

    @Test(
        "names that only some servers read as one of ours or of the gateway's are dropped",
        arguments: [
            "Buckler.Identity", "buckler!identity", "BUCKLER~Identity", "buckler+", "X.Forwarded.For",
            "x|forwarded|proto",
            "X.Real.IP", "x!http!method!override", "X.Original.URL", "True-Client-IP", "True.Client.IP", "X-Client-IP",
            "X-Real-IP", "CF-Connecting-IP", "Fastly-Client-IP", "X-Cluster-Client-IP", "Proxy.Authorization",
        ])
    func disguised(name: String) throws {
        for spelling in [name, name.lowercased(), name.uppercased()] {
            #expect(try Self.request([(spelling, "forged")]).isEmpty)
        }
    }

    @Test(
        "a name with a dot that means nothing to us passes", arguments: ["X.Custom", "bucklers", "a!b", "Bucklerx-A"])
    func dotted(name: String) throws {
        #expect(try Self.request([(name, "1")]) == [name: "1"])
        #expect(try Self.response([(name, "1")]).fields.contains { $0.name == name })
    }

    @Test(
        "an upstream's disguised names are dropped",
        arguments: ["DPoP.Nonce", "Buckler.Problem", "Access.Control.Max.Age"])
    func disguisedAnswer(name: String) throws {
        #expect(try Self.response([(name, "theirs")]).fields.allSatisfy { $0.value != "theirs" })
    }

    @Test(
        "what an upstream may not say is dropped",
        arguments: [
            "Buckler-Problem", "buckler_problem", "DPoP-Nonce", "Alt-Svc", "Strict-Transport-Security",
            "Service-Worker-Allowed",
            "Clear-Site-Data", "Server", "X-Powered-By", "Keep-Alive", "Proxy-Authenticate", "Upgrade", "Trailer", "TE",
            "Access-Control-Allow-Origin", "X-Content-Type-Options", "Set_Cookie",
        ])
    func dropped(name: String) throws {
        for spelling in [name, name.lowercased(), name.uppercased()] {
            #expect(try Self.response([(spelling, "theirs")]).fields.allSatisfy { $0.value != "theirs" })
        }
    }

    @Test(
        "a DPoP challenge is ours alone, any other scheme passes",
        arguments: [
            ("DPoP error=\"x\"", false), ("dpop", false), ("Basic realm=\"a\", DPoP algs=\"ES256\"", false),
            ("Basic realm=\"a\"", true),
        ])
    func challenges(value: String, passes: Bool) throws {
        let fields = try Self.response([("WWW-Authenticate", value)]).fields
        #expect(fields.contains { $0.value == value } == passes)
    }

    @Test("every answer of the upstream carries the secure fields, once")
    func secureFields() throws {
        let fields = try Self.response([("Referrer-Policy", "origin"), ("strict-transport-security", "max-age=1")])
            .fields
        #expect(
            fields.filter { $0.name.lowercased() == "strict-transport-security" }.map(\.value) == [
                "max-age=63072000; includeSubDomains"
            ])
        #expect(fields.filter { $0.name.lowercased() == "referrer-policy" }.map(\.value) == ["origin"])
        for name in [
            "x-content-type-options", "content-security-policy", "cross-origin-resource-policy", "permissions-policy",
        ] {
            #expect(fields.count { $0.name == name } == 1)
        }
    }

    @Test("an upstream's Connection takes away its own fields and none of ours")
    func nominatedFields() throws {
        let fields = try Self.response([
            ("Connection", "X-Mine, Strict-Transport-Security, X-Content-Type-Options, content-security-policy"),
            ("X-Mine", "theirs"), ("Content-Security-Policy", "theirs"),
        ]).fields
        #expect(fields.allSatisfy { $0.value != "theirs" })
        for name in ["strict-transport-security", "x-content-type-options", "content-security-policy"] {
            #expect(fields.count { $0.name == name } == 1)
        }
    }

    @Test(
        "an answer whose framing contradicts itself is refused",
        arguments: [
            [("Content-Length", "1"), ("Content-Length", "1")], [("Content-Length", "x")], [("Content-Length", "-1")],
            [("Transfer-Encoding", "gzip, chunked")], [("Content-Length", "1"), ("Transfer-Encoding", "chunked")],
            [("X", "a\r\nSet-Cookie: b")], [("X Y", "1")],
        ])
    func refusedAnswers(fields: [(String, String)]) {
        #expect(throws: ResponseHygiene.Refusal.self) { _ = try Self.response(fields) }
    }

    @Test(
        "a requirement is read strictly",
        arguments: [
            ("acr=2; max_age=300", "acr_values=\"urn:buckler:acr:2\", max_age=\"300\""),
            ("acr=3", "acr_values=\"urn:buckler:acr:3\""),
            ("max_age=0", "max_age=\"0\""), ("acr=4", nil), ("acr=2; acr=2", nil), ("", nil), ("acr", nil),
            ("acr=+2", nil),
            ("level=2", nil), ("max_age=-1", nil), ("acr=2;", nil),
        ] as [(String, String?)])
    func requirements(text: String, challenge: String?) {
        let requirement = StepUpRequirement(parsing: text)
        #expect((requirement != nil) == (challenge != nil))
        if let challenge { #expect(requirement?.challenge.contains(challenge) == true) }
    }
}
