import BucklerPrimitives

/// Time-based one-time passwords (RFC 6238) as a verifier uses them.
public enum TOTP {
    /// The length of a time step.
    public static let period: Duration = .seconds(30)

    /// The number of the time step that contains `instant`.
    public static func step(at instant: Timestamp) -> Int64 { instant.seconds / period.wholeSeconds }

    /// The step whose code was typed, if it is the current one or a neighbour and later than the last accepted step.
    ///
    /// One step of drift either way (RFC 6238 §5.2). A code opens once: the caller stores the answer as the new last step
    /// in one conditional statement, since two callers may get the same answer here. Every candidate is computed and
    /// compared in constant time, whichever matches. Spaces that people type are ignored.
    public static func acceptedStep(
        code: SecretString, secret: TOTPSecret, at instant: Timestamp, after lastStep: Int64?
    ) -> Int64? {
        let typed = code.withExposedBytes { bytes in bytes.filter { $0 != UInt8(ascii: " ") } }
        let current = step(at: instant)
        var accepted: Int64?
        for candidate in max(0, current - 1)...max(0, current + 1) {
            let expected = HOTP.code(key: secret.bytes, counter: UInt64(candidate))
            let isMatch = ConstantTime.equal(typed, Array(expected.utf8))
            let isUnused = lastStep.map { candidate > $0 } ?? true
            if isMatch && isUnused { accepted = candidate }
        }
        return accepted
    }

    /// The same for a code in plain text.
    public static func acceptedStep(
        code: String, secret: TOTPSecret, at instant: Timestamp, after lastStep: Int64?
    ) -> Int64? {
        acceptedStep(code: SecretString(code), secret: secret, at: instant, after: lastStep)
    }
}
