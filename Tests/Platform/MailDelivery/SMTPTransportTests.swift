import Authentication
import BucklerPrimitives
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import MailDelivery

@Suite("SMTP transport")
struct SMTPTransportTests {
    @Test(
        "hosts that would change the meaning of a URL are refused",
        arguments: [
            "", "mail.example.com/evil", "user@mail.example.com", "mail.example.com:25", "mail example.com", "mail%00",
            "mail\r\n.example.com", "[::1", "::1", "[::1]x", "mail?x", "mail#x", "[fe80::1%25eth0]",
        ])
    func hosts(text: String) throws {
        #expect(try Self.configuration(host: text, port: 25) == nil)
    }

    @Test(
        "host names and address literals are taken", arguments: ["mail.example.com", "localhost", "127.0.0.1", "[::1]"])
    func goodHosts(text: String) throws {
        #expect(try Self.configuration(host: text, port: 587)?.url == "smtp://\(text):587")
    }

    @Test("a server without STARTTLS never sees the mail")
    func noStartTLS() async throws {
        let server = try await ScriptedSMTPServer.start(replies: ["EHLO": "250-mail\r\n250 SIZE 1000000\r\n"])
        let transport = try Self.transport(port: server.port)
        let mail = try Samples.awkwardMail()
        let error = await #expect(throws: MailError.self) { try await transport.deliver(mail) }
        #expect(error == .misconfigured(MailFault(replyCode: 250, libraryCode: 64)), "\(String(describing: error))")
        let seen = try await server.stop()
        #expect(seen.contains { $0.hasPrefix("EHLO") })
        #expect(
            !seen.contains {
                $0.hasPrefix("MAIL") || $0.hasPrefix("RCPT") || $0.hasPrefix("DATA") || $0.hasPrefix("AUTH")
            })
    }

    @Test("a closed port is a temporary failure without a reply")
    func closedPort() async throws {
        let port = try DeafPort()
        let transport = try Self.transport(port: port.number)
        let mail = try Samples.awkwardMail()
        await #expect(throws: MailError.temporary(MailFault(replyCode: 0, libraryCode: 7))) {
            try await transport.deliver(mail)
        }
        withExtendedLifetime(port) {}
    }

    @Test("a server that never answers is left after the time limit")
    func silence() async throws {
        let server = try await ScriptedSMTPServer.start(replies: [:], greets: false)
        let transport = try Self.transport(port: server.port, timeout: .milliseconds(300))
        let mail = try Samples.awkwardMail()
        await #expect(throws: MailError.temporary(MailFault(replyCode: 0, libraryCode: 28))) {
            try await transport.deliver(mail)
        }
        _ = try await server.stop()
    }

    private static func configuration(
        host: String, port: UInt16, timeout: Duration = .seconds(60)
    ) throws -> SMTPConfiguration? {
        SMTPConfiguration(
            host: host, port: port, encryption: .startTLS,
            credentials: SMTPCredentials(user: "notes", password: SecretString("interop")),
            sender: try Samples.sender(),
            connectTimeout: timeout, timeout: timeout)
    }

    private static func transport(port: Int, timeout: Duration = .seconds(60)) throws -> SMTPTransport {
        SMTPTransport(
            try #require(try configuration(host: "127.0.0.1", port: UInt16(port), timeout: timeout)))
    }
}

/// A server that answers the first word of each line from a table.
private final class ScriptedSMTPServer: Sendable {
    let port: Int
    private let channel: any Channel
    private let seen: Seen

    static func start(replies: [String: String], greets: Bool = true) async throws -> ScriptedSMTPServer {
        let seen = Seen()
        let channel = try await ServerBootstrap(group: NIOSingletons.posixEventLoopGroup)
            .childChannelInitializer { child in
                seen.clients.withLock { $0.append(child) }
                return child.pipeline.addHandler(ScriptedSMTPHandler(replies: replies, greets: greets, seen: seen))
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return ScriptedSMTPServer(channel, seen)
    }

    private init(_ channel: any Channel, _ seen: Seen) {
        self.channel = channel
        self.seen = seen
        port = channel.localAddress?.port ?? 0
    }

    /// Takes no more clients and answers what those that came have said until they left.
    func stop() async throws -> [String] {
        try await channel.close()
        for client in seen.clients.withLock({ $0 }) { try await client.closeFuture.get() }
        return seen.lines.withLock { $0 }
    }
}

/// Who came, and what they said.
private final class Seen: Sendable {
    let clients = Mutex<[any Channel]>([])
    let lines = Mutex<[String]>([])
}

private final class ScriptedSMTPHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    let replies: [String: String]
    let greets: Bool
    let seen: Seen

    init(replies: [String: String], greets: Bool, seen: Seen) {
        self.replies = replies
        self.greets = greets
        self.seen = seen
    }

    func channelActive(context: ChannelHandlerContext) {
        if greets { send("220 mail ready\r\n", context) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let line = String(buffer: unwrapInboundIn(data))
        seen.lines.withLock { $0.append(line) }
        let word = line.prefix { $0.isLetter }.uppercased()
        if let reply = replies[word] { send(reply, context) } else if word == "QUIT" { send("221 bye\r\n", context) }
    }

    private func send(_ text: String, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }
}
