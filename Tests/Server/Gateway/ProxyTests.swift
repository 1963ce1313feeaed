import BucklerPrimitives
import Foundation
import NIOCore
import SecureChannel
import ServerGateway
import TestSupport
import Testing

/// What reaches the upstream, what comes back, and at whose pace.
@Suite("Proxying", .timeLimit(.minutes(5)))
struct ProxyTests {
    @Test("the upstream gets the target as it came, its own host, and who the client is")
    func forwardedRequest() async throws {
        let upstream = try await RawUpstream(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connect()
            try await wire.send(
                "GET /n%C3%B6tes?a=1&b=%2F HTTP/1.1\r\nHost: evil.example\r\nAccept: text/plain\r\n\r\n")
            #expect(await wire.received(until: "ok").contains("HTTP/1.1 200 OK"))
            let seen = await (try #require(await upstream.next())).received(until: "\r\n\r\n")
            #expect(seen.hasPrefix("GET /n%C3%B6tes?a=1&b=%2F HTTP/1.1\r\n"))
            #expect(seen.contains("Host: 127.0.0.1:\(upstream.port)\r\n"))
            #expect(seen.contains("X-Forwarded-For: 127.0.0.1\r\n"))
            #expect(seen.contains("X-Forwarded-Proto: https\r\n"))
            #expect(seen.contains("X-Forwarded-Host: api.example.com\r\n"))
            #expect(seen.contains("Accept: text/plain\r\n"))
            #expect(!seen.contains("evil"))
        }
        await upstream.stop()
    }

    @Test(
        "no spelling of our fields, of authentication or of forwarding passes a raw client",
        arguments: [
            "Buckler-Identity", "buckler-identity", "BUCKLER-IDENTITY", "Buckler_Identity", "buckler_identity",
            "Buckler-Anything", "Authorization", "DPoP", "Forwarded", "X-Forwarded-For", "X-Forwarded-Anything",
            "X_Forwarded_For", "X-Real-IP", "X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override", "TE",
            "Proxy-Authorization", "Proxy-Connection", "Keep-Alive", "Upgrade", "HTTP2-Settings", "Content_Length",
        ])
    func droppedFields(name: String) async throws {
        let upstream = try await RawUpstream(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connect()
            try await wire.send("GET /a HTTP/1.1\r\nHost: a\r\n\(name): forged-value\r\n\(name): forged-value\r\n\r\n")
            await wire.received(until: "ok")
            let seen = await (try #require(await upstream.next())).received(until: "\r\n\r\n")
            #expect(!seen.contains("forged-value"))
        }
        await upstream.stop()
    }

    @Test("fields that the client's Connection names end at the gateway, ours cannot be named away")
    func nominatedFields() async throws {
        let upstream = try await RawUpstream(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        let rules = [RouteRule(.everything)]
        try await GatewayRig.run(upstream: upstream.port, rules: rules) { rig in
            let token = try rig.sessions.token()
            let wire = try await rig.connect()
            try await wire.send(
                "GET /a HTTP/1.1\r\nHost: a\r\nConnection: X-Secret, Buckler-Identity, Host, X-Forwarded-For\r\n"
                    + "X-Secret: 1\r\n\(try rig.sessions.fields("GET", "/a", token: token))\r\n")
            await wire.received(until: "ok")
            let seen = await (try #require(await upstream.next())).received(until: "\r\n\r\n")
            #expect(!seen.contains("X-Secret"))
            #expect(seen.contains("Buckler-Identity: ey"))
            #expect(seen.contains("Host: 127.0.0.1"))
            #expect(seen.contains("X-Forwarded-For: 127.0.0.1"))
            #expect(!seen.contains("DPoP"))
        }
        await upstream.stop()
    }

    @Test("our cookies stay here, the upstream's pass")
    func cookies() async throws {
        let upstream = try await RawUpstream(
            answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nSet-Cookie: __Host-Buckler-x=1\r\n"
                + "Set-Cookie: theirs=1\r\n\r\nok")
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connect()
            try await wire.send(
                "GET /a HTTP/1.1\r\nHost: a\r\nCookie: a=1; __Host-buckler-console=s; b=2;__HOST-BUCKLER=t\r\n\r\n")
            let answer = await wire.received(until: "\r\n\r\nok")
            #expect(answer.contains("theirs=1"))
            #expect(!answer.contains("__Host-Buckler-x"))
            let seen = await (try #require(await upstream.next())).received(until: "\r\n\r\n")
            #expect(seen.contains("a=1") && seen.contains("b=2"))
            #expect(!seen.lowercased().contains("__host-buckler"))
        }
        await upstream.stop()
    }

    @Test("request trailers do not reach the upstream")
    func trailers() async throws {
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connect()
            try await wire.send(
                "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: Buckler-Identity\r\n\r\n"
                    + "2\r\nhi\r\n0\r\nBuckler-Identity: forged\r\n\r\n")
            let behind = try #require(await upstream.next())
            let seen = await behind.received(until: "0\r\n\r\n")
            #expect(seen.contains("hi"))
            #expect(!seen.contains("forged"))
            #expect(!seen.contains("Trailer"))
        }
        await upstream.stop()
    }

    @Test(
        "paths that two servers could read differently are refused before anything is opened",
        arguments: [
            "/a%2fb", "/a%2Fb", "/a%5cb", "/a/../b", "/a/./b", "/..", "/a/%2e%2e/b", "/a//b", "//a", "/a%00b", "/a%0ab",
            "/a\\b", "/%zz", "/a/..;x/b", "/%2570ay", "http://a/b", "*", "/a b",
        ])
    func refusedPaths(path: String) async throws {
        let upstream = try await RawUpstream(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connect()
            try await wire.send("GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(await wire.receivedAtEnd().contains(" 400 "))
        }
        #expect(upstream.connectionCount == 0)
        await upstream.stop()
    }

    @Test(
        "an answer is passed on with its own framing",
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "GET", "content-length: 5"),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "GET",
                "transfer-encoding: chunked"
            ),
            ("HTTP/1.1 204 No Content\r\n\r\n", "GET", " 204 "),
            ("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "GET", " 304 "),
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD", "content-length: 5"),
            (
                "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "GET",
                " 200 "
            ),
        ])
    func answerFraming(answer: String, method: String, expected: String) async throws {
        let upstream = try await RawUpstream(answering: answer)
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connect()
            for _ in 0..<2 {
                wire.forget()
                try await wire.send("\(method) /a HTTP/1.1\r\nHost: a\r\n\r\n")
                let got = await wire.received(until: "\r\n\r\n").lowercased()
                #expect(got.contains(expected))
                #expect(!got.contains("link:"))
                if answer.contains("hello"), method == "GET" { await wire.received(until: "hello") }
                if answer.hasSuffix("0\r\n\r\n") { await wire.received(until: "0\r\n\r\n") }
            }
            // Not after HEAD with a length: a body that is sent all the same would be the next answer.
            #expect(upstream.connectionCount == (method == "HEAD" ? 2 : 1), "the connection was used again")
        }
        await upstream.stop()
    }

    @Test("a body that ends with the upstream's connection is passed on whole")
    func closeDelimited() async throws {
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connect()
            try await wire.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            let behind = try #require(await upstream.next())
            await behind.received(until: "\r\n\r\n")
            try await behind.send("HTTP/1.1 200 OK\r\n\r\nuntil the end")
            await behind.close()
            #expect(await wire.received(until: "0\r\n\r\n").contains("until the end"))
        }
        await upstream.stop()
    }

    @Test("an idle connection that was closed under a request is replaced once, for methods that may be repeated")
    func retry() async throws {
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connect()
            try await wire.send("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n")
            let first = try #require(await upstream.next())
            await first.received(until: "/1 ")
            try await first.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none")
            await wire.received(until: "one")
            try await wire.send("GET /2 HTTP/1.1\r\nHost: a\r\n\r\n")
            await first.received(until: "/2 ")
            await first.close()
            let second = try #require(await upstream.next())
            await second.received(until: "/2 ")
            try await second.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo")
            await wire.received(until: "two")
            #expect(rig.gateway.metrics.snapshot.upstreamRetries == 1)
            // A POST is never sent twice.
            try await wire.send("POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
            await second.received(until: "/3 ")
            await second.close()
            #expect(await wire.received(until: "upstream_unreachable").contains(" 502 "))
        }
        await upstream.stop()
    }

    @Test("an upstream that is not there, says nothing or breaks off is told apart")
    func brokenUpstreams() async throws {
        var limits = GatewayLimits()
        limits.upstreamHeaderTime = .milliseconds(100)
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port, limits: limits) { rig in
            let silent = try await rig.connect()
            try await silent.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await silent.received(until: "upstream_timeout").contains(" 504 "))
            _ = await upstream.next()
        }
        // Without the short limit: how long this test's own upstream takes must not decide.
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let cut = try await rig.connect()
            try await cut.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            let behind = try #require(await upstream.next())
            try await behind.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")
            await cut.received(until: "12345")
            await behind.close()
            // The client must see that its answer is not whole: the connection ends.
            #expect(await cut.receivedAtEnd().hasSuffix("12345"))
        }
        await upstream.stop()
        let nobody = try DeafPort()
        try await GatewayRig.run(upstream: nobody.number) { rig in
            let wire = try await rig.connect()
            try await wire.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(await wire.received(until: "upstream_unreachable").contains(" 502 "))
        }
        withExtendedLifetime(nobody) {}
    }

    @Test("a client that waits for 100 gets it after the policy has decided, and no one else does")
    func expectContinue() async throws {
        let upstream = try await RawUpstream()
        let rules = [try RouteRule.for("/open", access: .open)]
        try await GatewayRig.run(upstream: upstream.port, rules: rules) { rig in
            let allowed = try await rig.connect()
            try await allowed.send(
                "POST /open HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
            await allowed.received(until: "HTTP/1.1 100 Continue\r\n\r\n")
            try await allowed.send("hi")
            let behind = try #require(await upstream.next())
            #expect(!(await behind.received(until: "hi").contains("Expect")))
            let refused = try await rig.connect()
            try await refused.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
            let answer = await refused.receivedAtEnd()
            #expect(answer.hasPrefix("HTTP/1.1 401"))
        }
        await upstream.stop()
    }

    @Test("an event stream arrives event by event, and the upstream hears that the client left")
    func eventStream() async throws {
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connect()
            try await wire.send("GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
            let behind = try #require(await upstream.next())
            await behind.received(until: "\r\n\r\n")
            try await behind.send(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
            for number in 1...3 {
                try await behind.send("9\r\ndata: \(number)\n\n\r\n")
                await wire.received(until: "data: \(number)")
            }
            await wire.close()
            _ = await behind.receivedAtEnd()
        }
        await upstream.stop()
    }

    @Test("a WebSocket is refused with a code that says so")
    func webSocket() async throws {
        let upstream = try await RawUpstream()
        try await GatewayRig.run(upstream: upstream.port) { rig in
            let wire = try await rig.connect()
            try await wire.send("GET /a HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
            #expect(await wire.received(until: "upgrade_refused").contains(" 501 "))
        }
        await upstream.stop()
    }

    @Test(
        "a browser that wants a page or a worker is refused unless the route is one",
        arguments: ["document", "iframe", "serviceworker", "worker"])
    func pages(destination: String) async throws {
        let upstream = try await RawUpstream(answering: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        let rules = [
            RouteRule(try RoutePattern(parsing: "/page"), access: .open, isPage: true),
            try RouteRule.for("/api", access: .open),
        ]
        try await GatewayRig.run(upstream: upstream.port, rules: rules) { rig in
            let wire = try await rig.connect()
            try await wire.send("GET /api HTTP/1.1\r\nHost: a\r\nSec-Fetch-Dest: \(destination)\r\n\r\n")
            #expect(await wire.received(until: "page_refused").contains(" 403 "))
            try await wire.send("GET /page HTTP/1.1\r\nHost: a\r\nSec-Fetch-Dest: \(destination)\r\n\r\n")
            await wire.received(until: "\r\n\r\nok")
        }
        await upstream.stop()
    }
}
