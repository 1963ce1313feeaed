import Authentication
import BucklerPrimitives
import CCurlShims
import CCurlSystem
import NIOPosix

/// How to reach the next mail station.
package struct SMTPConfiguration: Sendable {
    /// How the connection becomes private.
    ///
    /// There is no third way: mails carry codes.
    package enum Encryption: Sendable, Hashable {
        /// Plain greeting, then STARTTLS; a server that does not offer it is refused (RFC 3207). Usually port 587.
        case startTLS
        /// TLS from the first byte (RFC 8314 §3.3). Usually port 465.
        case implicitTLS
    }

    /// Name or address of the station; the certificate must name it.
    package let host: String
    /// Its port.
    package let port: UInt16
    /// How the connection becomes private.
    package let encryption: Encryption
    /// User and password for SMTP AUTH; nil to send without.
    package let credentials: SMTPCredentials?
    /// A PEM file with the CA to trust instead of the system's; for private mail stations.
    package let certificateAuthorityFile: String?
    /// The visible and the envelope sender.
    package let sender: MailSender
    /// The longest time to connect, TLS included.
    package let connectTimeout: Duration
    /// The longest time for one mail.
    package let timeout: Duration

    /// Takes the settings; nil if the host is no host name or address literal.
    package init?(
        host: String, port: UInt16, encryption: Encryption, credentials: SMTPCredentials?, sender: MailSender,
        certificateAuthorityFile: String? = nil, connectTimeout: Duration = .seconds(10),
        timeout: Duration = .seconds(30)
    ) {
        guard Self.isHost(host), port > 0 else { return nil }
        self.host = host
        self.port = port
        self.encryption = encryption
        self.credentials = credentials
        self.sender = sender
        self.certificateAuthorityFile = certificateAuthorityFile
        self.connectTimeout = connectTimeout
        self.timeout = timeout
    }

    /// Letters, digits, dots and hyphens, or an IPv6 literal in brackets: nothing that changes the meaning of a URL.
    private static func isHost(_ text: String) -> Bool {
        let isLiteral = text.hasPrefix("[") && text.hasSuffix("]") && text.utf8.count > 2
        let inner = isLiteral ? text.dropFirst().dropLast() : text[...]
        guard (1...253).contains(inner.utf8.count) else { return false }
        return inner.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", ".": true
            case "-": !isLiteral
            case ":": isLiteral
            default: false
            }
        }
    }

    /// The URL for libcurl.
    var url: String { "\(encryption == .implicitTLS ? "smtps" : "smtp")://\(host):\(port)" }
}

/// User and password for SMTP AUTH.
package struct SMTPCredentials: Sendable {
    /// The user's name.
    package let user: String
    /// The password.
    package let password: SecretString

    /// Takes both.
    package init(user: String, password: SecretString) {
        self.user = user
        self.password = password
    }
}

/// Sends mail by SMTP through libcurl, one connection per mail, on two threads of its own.
///
/// libcurl blocks, so it never runs on the cooperative pool. Certificates and names are always checked; nothing but
/// `smtp` and `smtps` is spoken, and no redirect or environment proxy is followed.
package final class SMTPTransport: MailTransport {
    private let configuration: SMTPConfiguration
    private let pool: NIOThreadPool

    /// Starts the threads.
    package init(_ configuration: SMTPConfiguration) {
        self.configuration = configuration
        precondition(Self.isGloballyReady, "libcurl did not start")
        pool = NIOThreadPool(numberOfThreads: 2)
        pool.start()
    }

    deinit { pool.shutdownGracefully { _ in } }

    package func deliver(_ mail: OutgoingMail) async throws(MailError) {
        let configuration = configuration
        let outcome: Result<Void, MailError>
        do {
            outcome = try await pool.runIfActive { SMTPSubmission(configuration).send(mail) }
        } catch {
            throw .cancelled
        }
        try outcome.get()
    }

    /// `curl_global_init` is not safe beside other threads, so it runs once behind a lazy global.
    private static let isGloballyReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}

/// One run of libcurl.
private struct SMTPSubmission {
    private let configuration: SMTPConfiguration

    init(_ configuration: SMTPConfiguration) { self.configuration = configuration }

    func send(_ mail: OutgoingMail) -> Result<Void, MailError> {
        guard let handle = curl_easy_init() else { return .failure(.temporary(MailFault())) }
        defer { curl_easy_cleanup(handle) }
        let recipient = "<\(mail.message.recipient.canonical)>"
        guard let recipients = curl_slist_append(nil, recipient) else { return .failure(.temporary(MailFault())) }
        defer { curl_slist_free_all(recipients) }
        let setup = connectionOptions(handle) ?? envelopeOptions(handle, recipients)
        if let setup { return .failure(.misconfigured(MailFault(libraryCode: Int(setup.rawValue)))) }
        let bytes = MailBytes.encode(mail, from: configuration.sender)
        let code = bytes.withUnsafeBufferPointer { buffer in
            var body = buckler_curl_body(bytes: buffer.baseAddress, count: buffer.count, taken: 0)
            return withUnsafeMutablePointer(to: &body) { pointer in
                let set = buckler_curl_set_body(handle, pointer)
                return set == CURLE_OK ? curl_easy_perform(handle) : set
            }
        }
        if code == CURLE_OK { return .success(()) }
        var reply = 0
        buckler_curl_get_long(handle, CURLINFO_RESPONSE_CODE, &reply)
        return .failure(Self.classify(code, reply: reply))
    }

    /// The first option that libcurl refuses; nil if it took all.
    private func connectionOptions(_ handle: UnsafeMutableRawPointer) -> CURLcode? {
        let steps: [CURLcode] = [
            buckler_curl_set_text(handle, CURLOPT_URL, configuration.url),
            buckler_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps"),
            buckler_curl_set_text(handle, CURLOPT_PROXY, ""),
            buckler_curl_set_long(handle, CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)),
            buckler_curl_set_long(handle, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            buckler_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1),
            buckler_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2),
            // Signals for name look-ups would interrupt a process with threads.
            buckler_curl_set_long(handle, CURLOPT_NOSIGNAL, 1),
            buckler_curl_set_long(
                handle, CURLOPT_CONNECTTIMEOUT_MS, Int(configuration.connectTimeout.wholeMilliseconds)),
            buckler_curl_set_long(handle, CURLOPT_TIMEOUT_MS, Int(configuration.timeout.wholeMilliseconds)),
            buckler_curl_discard_output(handle),
        ]
        if let refused = steps.first(where: { $0 != CURLE_OK }) { return refused }
        guard let file = configuration.certificateAuthorityFile else { return nil }
        let code = buckler_curl_set_text(handle, CURLOPT_CAINFO, file)
        return code == CURLE_OK ? nil : code
    }

    private func envelopeOptions(
        _ handle: UnsafeMutableRawPointer, _ recipients: UnsafeMutablePointer<curl_slist>
    ) -> CURLcode? {
        var steps = [
            buckler_curl_set_text(handle, CURLOPT_MAIL_FROM, "<\(configuration.sender.address.canonical)>"),
            buckler_curl_set_list(handle, CURLOPT_MAIL_RCPT, recipients),
        ]
        if let credentials = configuration.credentials {
            steps.append(buckler_curl_set_text(handle, CURLOPT_USERNAME, credentials.user))
            steps.append(credentials.password.withExposedText { buckler_curl_set_text(handle, CURLOPT_PASSWORD, $0) })
        }
        return steps.first { $0 != CURLE_OK }
    }

    /// What a failure means for the queue.
    private static func classify(_ code: CURLcode, reply: Int) -> MailError {
        let fault = MailFault(replyCode: reply, libraryCode: Int(code.rawValue))
        switch code {
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_USE_SSL_FAILED, CURLE_SSL_CACERT_BADFILE, CURLE_LOGIN_DENIED,
            CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_REMOTE_ACCESS_DENIED:
            return .misconfigured(fault)
        default:
            // 530, 534, 535, 538 are about our password (RFC 4954 §6); 500, 502 to 504 and 521 about our commands or about
            // a station that takes nothing from us (RFC 5321 §4.2.3, RFC 7504 §3): none is about this mail.
            if [500, 502, 503, 504, 521, 530, 534, 535, 538].contains(reply) { return .misconfigured(fault) }
            return (500..<600).contains(reply) ? .refused(fault) : .temporary(fault)
        }
    }
}
