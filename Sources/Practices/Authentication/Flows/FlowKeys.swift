import BucklerOTP
import BucklerPrimitives

/// Everything that a flow hands out or recognises, computed from the instance's verifier key (PD-11).
///
/// A flow is of one epoch of the key from beginning to end: what was handed out and mailed must not change when a root key
/// is replaced. The last byte of `auth_session` and authorization code tells the epoch.
struct FlowKeys: Sendable {
    private let key: MACKey

    init(_ key: MACKey) { self.key = key }

    /// The keys of the flow with this `auth_session`, or this authorization code.
    func of(_ text: String) -> FlowKeys {
        guard let mark = Base64URL.decode(text)?.last else { return self }
        return FlowKeys(key.marked(mark))
    }

    /// A new `auth_session`.
    func newHandle(_ entropy: Entropy) -> String { Base64URL.encode(entropy.bytes(31) + [key.mark]) }

    /// The row of an `auth_session`; nil if the text cannot be one.
    func digest(ofHandle handle: String) -> [UInt8]? {
        guard let bytes = Base64URL.decode(handle), bytes.count == 32 else { return nil }
        return key.marked(bytes[31]).tag("buckler auth session v1", bytes)
    }

    /// The code sent by e-mail at this step of the flow: the same at every sending, so that late mails are no trap and a
    /// new mail brings no new guesses.
    ///
    /// Six digits only after a right password. Where the mailbox is all that is asked for, anybody may try, and the code
    /// is `XXXX-XXXX`: 40 bits, which no number of accounts or forgotten counters makes guessable in ten minutes.
    func emailCode(_ flow: SignInFlow) -> SecretString {
        guard flow.takesShortCode else {
            let letters = CodeLetters.letters(key.tag("buckler e-mail code v2", flow.id.bytes, flow.salt).prefix(8))
            return SecretString(String(decoding: letters[..<4] + [UInt8(ascii: "-")] + letters[4...], as: UTF8.self))
        }
        let tag = key.tag("buckler e-mail code v1", flow.id.bytes, flow.salt)
        let number = tag.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } % 1_000_000
        let digits = String(number)
        return SecretString(String(repeating: "0", count: 6 - digits.count) + digits)
    }

    /// The seed of the authenticator app that a sign-up with a short password enrols: 20 bytes, the same at every answer
    /// of the flow, unknown to anybody without the flow's sealed salt.
    func newFactorSeed(_ flow: SignInFlow) -> TOTPSecret {
        let tag = key.tag("buckler flow authenticator seed v1", flow.id.bytes, flow.salt)
        guard let secret = TOTPSecret(bytes: SecretBytes(tag.prefix(20))) else {
            preconditionFailure("twenty bytes make a seed")
        }
        return secret
    }

    /// The authorization code that ends this flow, 248 bits and the epoch.
    func authorizationCode(_ flow: SignInFlow) -> String {
        let tag = key.tag("buckler authorization code v1", flow.id.bytes, flow.salt)
        return Base64URL.encode(tag.prefix(31) + [key.mark])
    }

    /// The row of an authorization code; nil if the text cannot be one.
    func digest(ofCode code: String) -> [UInt8]? {
        guard let bytes = Base64URL.decode(code), bytes.count == 32 else { return nil }
        return key.marked(bytes[31]).tag("buckler authorization code digest v1", bytes)
    }

    /// True if the typed text is the code of this step; in constant time.
    func isEmailCode(_ typed: SecretString, of flow: SignInFlow) -> Bool {
        ConstantTime.equal(CodeLetters.canonical(emailCode(flow)), CodeLetters.canonical(typed))
    }

    /// By what a right answer is known when it comes again; nil for passwords, of which no quick digest is kept.
    func tag(_ answer: FlowAnswer, of flow: FlowID) -> [UInt8]? {
        switch answer {
        case .oneTimePassword(let text): tag(text, [1], flow)
        case .emailCode(let text): tag(text, [2], flow)
        case .recoveryCode(let text): tag(text, [3], flow)
        case .password, .newPassword, .sendEmailCode, .recover, .cancelRecovery: nil
        }
    }

    /// An account that does not exist, for the statements that unknown addresses cost too.
    func decoyAccount(_ email: Email) -> AccountID {
        let tag = key.tag("buckler decoy account v1", Array(email.canonical.utf8))
        guard let id = AccountID(bytes: tag.prefix(16)) else { preconditionFailure("sixteen bytes make an identifier") }
        return id
    }

    private func tag(_ text: SecretString, _ kind: [UInt8], _ flow: FlowID) -> [UInt8] {
        Array(text.withExposedBytes { key.tag("buckler flow answer v1", flow.bytes, kind, $0) }.prefix(16))
    }
}
