/// One weakness of OWASP MASWE 1.0.0, in our words, and why no rule names it when none does.
struct Weakness: Sendable {
    /// `MASWE-0005`.
    let id: String
    let name: String
    /// Why reading code does not show it, or not yet.
    let blindness: String

    /// What a catalogue of rules leaves open, in one place for each reason.
    enum Reason {
        static let notYet = "visible in code; no rule yet"
        static let android = "a matter of Android; comes with its languages"
        static let absence = "a defence that is missing stands nowhere, and not every app needs it"
        static let product = "what is sensitive, and what was agreed, is known to the product and not to its code"
        static let people = "judged by reading texts and screens, not code"
        static let binary = "seen in the built app; comes with the checks of binaries"
        static let libraries = "comes with the checks of libraries"
        static let server = "decided by the server"
    }

    /// Every weakness, in the order of its number.
    static let all: [Weakness] = storage + crypto + authentication + network + platform + code + resilience + privacy

    /// The numbers of version 1.0.0.
    static let ids = Set(all.map(\.id))

    /// Whether a text has the form of a number of MASWE, of whichever version.
    static func isNumbered(_ text: String) -> Bool {
        text.hasPrefix("MASWE-") && text.count == 10 && text.dropFirst(6).allSatisfy { $0.isASCII && $0.isNumber }
    }

    private static let storage = [
        Weakness(id: "MASWE-0001", name: "sensitive data unencrypted in private storage", blindness: Reason.notYet),
        Weakness(
            id: "MASWE-0002", name: "sensitive data unencrypted outside private storage", blindness: Reason.notYet),
        Weakness(id: "MASWE-0003", name: "keys outside the platform's key store", blindness: Reason.notYet),
        Weakness(id: "MASWE-0004", name: "sensitive data in the app package", blindness: Reason.notYet),
        Weakness(id: "MASWE-0005", name: "sensitive data in logs", blindness: Reason.notYet),
        Weakness(id: "MASWE-0006", name: "sensitive data in backups", blindness: Reason.notYet),
    ]

    private static let crypto = [
        Weakness(id: "MASWE-0007", name: "improper encryption", blindness: Reason.notYet),
        Weakness(id: "MASWE-0008", name: "improper hashing", blindness: Reason.notYet),
        Weakness(id: "MASWE-0009", name: "improper message authentication code", blindness: Reason.notYet),
        Weakness(id: "MASWE-0010", name: "improper making of signatures", blindness: Reason.notYet),
        Weakness(id: "MASWE-0011", name: "improper verification of signatures", blindness: Reason.notYet),
        Weakness(id: "MASWE-0012", name: "improper random numbers", blindness: Reason.notYet),
        Weakness(id: "MASWE-0013", name: "improper key generation", blindness: Reason.notYet),
        Weakness(id: "MASWE-0014", name: "improper key derivation", blindness: Reason.notYet),
        Weakness(
            id: "MASWE-0015", name: "keys never rotated",
            blindness: "what is not done over years stands in no one place"),
        Weakness(id: "MASWE-0016", name: "access to keys not restricted", blindness: Reason.notYet),
        Weakness(id: "MASWE-0017", name: "device lock not enforced", blindness: Reason.absence),
    ]

    private static let authentication = [
        Weakness(
            id: "MASWE-0018", name: "app components without authentication or authorization", blindness: Reason.android),
        Weakness(id: "MASWE-0019", name: "no support for password managers", blindness: Reason.notYet),
        Weakness(id: "MASWE-0020", name: "local authentication can be bypassed", blindness: Reason.notYet),
        Weakness(
            id: "MASWE-0021", name: "fallback from biometrics for sensitive transactions", blindness: Reason.notYet),
        Weakness(id: "MASWE-0022", name: "keys survive a new biometric enrolment", blindness: Reason.notYet),
        Weakness(id: "MASWE-0023", name: "no step-up for sensitive actions", blindness: Reason.product),
        Weakness(id: "MASWE-0024", name: "data within reach after the session ended", blindness: Reason.product),
        Weakness(id: "MASWE-0025", name: "no non-repudiation for critical actions", blindness: Reason.product),
    ]

    private static let network = [
        Weakness(id: "MASWE-0026", name: "traffic not encrypted", blindness: Reason.notYet),
        Weakness(id: "MASWE-0027", name: "insecure certificate validation", blindness: Reason.notYet),
        Weakness(id: "MASWE-0028", name: "insecure identity pinning", blindness: Reason.notYet),
    ]

    private static let platform = [
        Weakness(id: "MASWE-0029", name: "insecure deep links", blindness: Reason.notYet),
        Weakness(id: "MASWE-0030", name: "improper use of the clipboard", blindness: Reason.notYet),
        Weakness(id: "MASWE-0031", name: "untrusted app extensions allowed", blindness: Reason.notYet),
        Weakness(id: "MASWE-0032", name: "insecure intents", blindness: Reason.android),
        Weakness(id: "MASWE-0033", name: "native functions exposed to web views", blindness: Reason.notYet),
        Weakness(id: "MASWE-0034", name: "web views reach local files", blindness: Reason.notYet),
        Weakness(id: "MASWE-0035", name: "web views load untrusted content", blindness: Reason.notYet),
        Weakness(id: "MASWE-0036", name: "sensitive data shown without need", blindness: Reason.notYet),
        Weakness(id: "MASWE-0037", name: "sensitive data in notifications", blindness: Reason.notYet),
        Weakness(id: "MASWE-0038", name: "sensitive data in screenshots and recordings", blindness: Reason.absence),
        Weakness(id: "MASWE-0039", name: "overlay attacks", blindness: Reason.android),
        Weakness(id: "MASWE-0040", name: "sensitive data leaks to accessibility services", blindness: Reason.android),
    ]

    private static let code = [
        Weakness(id: "MASWE-0041", name: "old platform versions not refused", blindness: Reason.notYet),
        Weakness(
            id: "MASWE-0042", name: "latest platform version not targeted",
            blindness: "decided by the build machine's SDK"),
        Weakness(id: "MASWE-0043", name: "updates not enforced", blindness: Reason.server),
        Weakness(id: "MASWE-0044", name: "dependencies with known vulnerabilities", blindness: Reason.libraries),
        Weakness(id: "MASWE-0045", name: "security features of the compiler not used", blindness: Reason.notYet),
        Weakness(id: "MASWE-0046", name: "deprecated functions", blindness: Reason.notYet),
        Weakness(
            id: "MASWE-0047", name: "home-made security functions",
            blindness: "home-made cryptography has no common form"),
        Weakness(
            id: "MASWE-0048", name: "malicious code in the app",
            blindness: "intent has no form; comes with the checks of libraries as far as it is known"),
        Weakness(id: "MASWE-0049", name: "unsafe dynamic loading of code", blindness: Reason.notYet),
        Weakness(id: "MASWE-0050", name: "unsafe handling of untrusted data", blindness: Reason.notYet),
    ]

    private static let resilience = [
        Weakness(id: "MASWE-0051", name: "no jailbreak detection", blindness: Reason.absence),
        Weakness(id: "MASWE-0052", name: "no detection of app virtualisation", blindness: Reason.android),
        Weakness(id: "MASWE-0053", name: "no detection of emulators", blindness: Reason.absence),
        Weakness(id: "MASWE-0054", name: "no device attestation", blindness: Reason.absence),
        Weakness(id: "MASWE-0055", name: "no malware detection", blindness: Reason.absence),
        Weakness(id: "MASWE-0056", name: "no app attestation", blindness: Reason.absence),
        Weakness(id: "MASWE-0057", name: "integrity of resources not verified", blindness: Reason.absence),
        Weakness(id: "MASWE-0058", name: "integrity of running code not verified", blindness: Reason.absence),
        Weakness(id: "MASWE-0059", name: "code not obfuscated", blindness: Reason.binary),
        Weakness(id: "MASWE-0060", name: "resources not obfuscated", blindness: Reason.binary),
        Weakness(id: "MASWE-0061", name: "debug artifacts left in", blindness: Reason.notYet),
        Weakness(id: "MASWE-0062", name: "payloads not encrypted above TLS", blindness: Reason.absence),
        Weakness(id: "MASWE-0063", name: "debug mechanisms not switched off", blindness: Reason.notYet),
        Weakness(id: "MASWE-0064", name: "no detection of debuggers", blindness: Reason.absence),
        Weakness(id: "MASWE-0065", name: "no detection of tools for dynamic analysis", blindness: Reason.absence),
    ]

    private static let privacy = [
        Weakness(id: "MASWE-0066", name: "inadequate management of permissions", blindness: Reason.notYet),
        Weakness(id: "MASWE-0067", name: "no anonymisation", blindness: Reason.product),
        Weakness(id: "MASWE-0068", name: "identifiers used to track people", blindness: Reason.notYet),
        Weakness(id: "MASWE-0069", name: "functions that do not preserve privacy", blindness: Reason.notYet),
        Weakness(id: "MASWE-0070", name: "people not made aware", blindness: Reason.people),
        Weakness(id: "MASWE-0071", name: "defaults that do not preserve privacy", blindness: Reason.product),
        Weakness(id: "MASWE-0072", name: "inadequate privacy policy", blindness: Reason.people),
        Weakness(id: "MASWE-0073", name: "inadequate declarations of data collected", blindness: Reason.notYet),
        Weakness(id: "MASWE-0074", name: "inadequate declarations of tracking domains", blindness: Reason.notYet),
        Weakness(id: "MASWE-0075", name: "builds that cannot be reproduced", blindness: "seen by building twice"),
        Weakness(id: "MASWE-0076", name: "people cannot manage their data", blindness: Reason.product),
        Weakness(id: "MASWE-0077", name: "people cannot see their data", blindness: Reason.product),
        Weakness(id: "MASWE-0078", name: "ambiguous consent", blindness: Reason.people),
    ]
}
