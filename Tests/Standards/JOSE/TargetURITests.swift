import BucklerJOSE
import BucklerPrimitives
import TestSupport
import Testing

@Suite("Target URI")
struct TargetURITests {
    @Test(
        "spellings of one URI have one normal form",
        arguments: [
            "https://api.example.com/a/~b", "HTTPS://api.example.com/a/~b", "https://API.Example.COM/a/~b",
            "https://api.example.com:443/a/~b", "https://api.example.com:/a/~b", "https://api.example.com/a/%7Eb",
            "https://api.example.com/a/%7eb", "https://api.example.com/%61/~b", "https://api.example.com/./a/~b",
            "https://api.example.com/x/../a/~b", "https://api.example.com/../a/~b", "https://api.example.com/a/%2e/~b",
            "https://api.example.com/x/%2E%2e/a/~b", "https://api.example.com/a/~b?q=1",
            "https://api.example.com/a/~b#f",
            "https://api.example.com/a/~b?q=/../#?", "https://api.example.com/a/~b?",
        ])
    func equivalent(text: String) {
        #expect(TargetURI.normalized(text) == "https://api.example.com/a/~b")
    }

    @Test(
        "different resources keep different forms",
        arguments: [
            "http://api.example.com/a/~b", "https://api.example.com:8443/a/~b", "https://api.example.com./a/~b",
            "https://api.example.com/A/~b", "https://api.example.com/a//~b", "https://api.example.com/a/~b/",
            "https://api.example.com/a%2F~b", "https://api.example.com/a/~b%3Fq", "https://api.example.com/a/~b;p",
            "https://api.example.com.evil.example/a/~b", "https://api.example.com:80/a/~b",
            "https://xapi.example.com/a/~b",
            "https://api.example.com/a/~b/..", "https://api.example.com/a/~b/.", "https://api.example.com/a/~b%00",
        ])
    func different(text: String) throws {
        let normal = try #require(TargetURI.normalized(text))
        #expect(normal != "https://api.example.com/a/~b")
        #expect(TargetURI.normalized(normal) == normal)
    }

    @Test(
        "what is no absolute web URI is refused",
        arguments: [
            "", "/", "api.example.com/a", "//api.example.com/a", "https:/api.example.com", "https:", "https://",
            "https:///a",
            "https://?q", "ftp://api.example.com/", "httpss://a/", "https://user@api.example.com/", "https://a:b@c/",
            "https://api.example.com\\@evil/", "https://api.example.com:x/", "https://api.example.com:0443/",
            "https://api.example.com:65536/", "https://api.example.com:-1/", "https://api.example.com:+1/",
            "https://api.example.com:443:443/", "https://a b/", "https://a/ b", "https://a/%", "https://a/%2",
            "https://a/%zz",
            "https://a/\u{E9}", "https://\u{E9}/", "https://a/\n", "https://a/\u{0}", "https://a/\"", "https://a/<",
            "https://a/{",
            "https://a/|", "https://a/^", "https://a/`", "https://a/\\", "https://%61/", "https://[::1/", "https://[]/",
            "https://[::1]x/", "https://[::g]/", " https://a/", "https://a/?\n", "https://a/#\u{80}",
        ])
    func refused(text: String) {
        #expect(TargetURI.normalized(text) == nil)
    }

    @Test("hosts may be addresses and carry ports")
    func hosts() {
        #expect(TargetURI.normalized("http://127.0.0.1:8080") == "http://127.0.0.1:8080/")
        #expect(TargetURI.normalized("https://[2001:DB8::1]:443/x") == "https://[2001:db8::1]/x")
        #expect(TargetURI.normalized("http://phone.local:80/x") == "http://phone.local/x")
    }

    @Test("dot segments follow the examples of RFC 3986 §5.2.4")
    func dotSegments() {
        #expect(TargetURI.normalizedPath("/a/b/c/./../../g") == "/a/g")
        #expect(TargetURI.normalizedPath("/../../g") == "/g")
        #expect(TargetURI.normalizedPath("/a/..") == "/")
        #expect(TargetURI.normalizedPath("/.") == "/")
        #expect(TargetURI.normalizedPath("/a/...") == "/a/...")
        #expect(TargetURI.normalizedPath("/a/.b/..c") == "/a/.b/..c")
        #expect(TargetURI.normalizedPath("") == "/")
        #expect(TargetURI.normalizedPath("a") == nil)
        #expect(TargetURI.normalizedPath("*") == nil)
    }

    @Test("the normal form is its own normal form, whatever came in")
    func idempotent() {
        let entropy = Entropy.seeded(3986)
        let seed = Array("https://api.example.com:443/a/%7E/../%2fb/./c;d=e?f#g".utf8)
        for _ in 0..<5000 {
            let text = String(decoding: Mutation.damage(seed, with: entropy), as: UTF8.self)
            guard let once = TargetURI.normalized(text) else { continue }
            #expect(TargetURI.normalized(once) == once)
        }
    }

    @Test("the shortcut for a plain claim decides as the normal forms do, whatever came in")
    func shortcut() {
        let entropy = Entropy.seeded(9110)
        let base = "https://api.example.com"
        for path in ["/a/b", "/", "/a/%7Eb", "/a;c=d", "/\u{212A}elvin"] {
            for seed in [base + path, "HTTPS://API.example.com:443" + path, base + path + "?q=1"] {
                for round in 0..<500 {
                    let bytes = round == 0 ? Array(seed.utf8) : Mutation.damage(Array(seed.utf8), with: entropy)
                    let claimed = String(decoding: bytes, as: UTF8.self)
                    guard let normal = TargetURI.normalizedPath(path) else { continue }
                    #expect(
                        TargetURI.matches(claimed, base: base, path: normal, plain: path)
                            == (TargetURI.normalized(claimed) == base + normal))
                }
            }
        }
    }
}
