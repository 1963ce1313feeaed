import AsyncHTTPClient
import BucklerPrimitives
import Foundation
import NIOCore
import NIOSSL

/// What a phone of the tests knows of a server: where it is, what time it is there, and where its mail arrives.
package struct TestSite: Sendable {
    /// Its public URL, `https://localhost:port`.
    package let url: String
    /// Trusts its certificate.
    package let http: HTTPClient
    /// Where its mail arrives.
    package let mail: any TestMailbox
    /// Its time.
    package let now: @Sendable () -> Timestamp

    /// Takes the parts.
    package init(url: String, http: HTTPClient, mail: any TestMailbox, now: @escaping @Sendable () -> Timestamp) {
        self.url = url
        self.http = http
        self.mail = mail
        self.now = now
    }

    /// A client that trusts the authority in this file and nobody else; HTTP/1.1 unless `http2`.
    ///
    /// The file is read at the first connection; the server has written it by then. Over HTTP/1.1 it has no more than
    /// `connections` requests under way, the others wait in it.
    package static func client(trusting authority: String, http2: Bool = false, connections: Int = 8) -> HTTPClient {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(authority)
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.httpVersion = http2 ? .automatic : .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        // Generous: a busy machine is no failure.
        configuration.timeout = .init(connect: .seconds(60), read: .seconds(60))
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}

/// Mail that a test can read.
package protocol TestMailbox: Sendable {
    /// The text bodies of all mails to `recipient`, oldest first.
    func texts(to recipient: Email) -> [String]
}

extension TestMailbox {
    /// How many mails came to `recipient`.
    package func count(to recipient: Email) -> Int { texts(to: recipient).count }

    /// The code in the newest mail to `recipient`, once there are more than `seen` mails to it.
    ///
    /// Looks every few milliseconds for up to a minute of real time; nil if nothing came, or when the task is cancelled.
    package func code(to recipient: Email, after seen: Int = 0) async -> String? {
        for _ in 0..<12_000 {
            let texts = texts(to: recipient)
            if texts.count > seen, let text = texts.last, let code = Self.code(in: text) { return code }
            do { try await Task.sleep(for: .milliseconds(5)) } catch { return nil }
        }
        return nil
    }

    /// The first line that is a code: six digits, or `XXXX-XXXX`.
    package static func code(in text: String) -> String? {
        text.firstMatch(of: /(?m)^\s*(\d{6}|[0-9A-Z]{4}-[0-9A-Z]{4})\s*$/).map { String($0.1) }
    }
}

/// The `.eml` files of a server in development mode.
package struct MailFolder: TestMailbox {
    private let folder: String

    /// Takes `data/mail`.
    package init(_ folder: String) { self.folder = folder }

    package func texts(to recipient: Email) -> [String] {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
            $0.hasSuffix(".eml")
        }
        return names.sorted().compactMap { name in
            guard let text = try? String(contentsOfFile: folder + "/" + name, encoding: .utf8) else { return nil }
            return text.contains(recipient.canonical) ? text : nil
        }
    }
}
