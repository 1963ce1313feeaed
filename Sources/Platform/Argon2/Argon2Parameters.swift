import BucklerPrimitives

/// What one Argon2id computation costs (RFC 9106 §3.1).
package struct Argon2Parameters: Sendable, Hashable {
    /// Memory in KiB.
    package let memoryKiB: UInt32
    /// Passes over the memory.
    package let passes: UInt32
    /// Lanes.
    package let lanes: UInt32

    /// Takes the three costs.
    package init(memoryKiB: UInt32, passes: UInt32, lanes: UInt32) {
        self.memoryKiB = memoryKiB
        self.passes = passes
        self.lanes = lanes
    }

    /// 19 MiB, two passes, one lane (OWASP ASVS 5.0 Appendix C).
    package static let standard = Argon2Parameters(memoryKiB: 19_456, passes: 2, lanes: 1)

    /// What is missing from a computation of these parameters to the work of one of `current`: memory times passes; nil if
    /// it is less than a sixteenth.
    func rest(to current: Argon2Parameters) -> Argon2Parameters? {
        let wanted = UInt64(current.memoryKiB) * UInt64(current.passes)
        let done = UInt64(memoryKiB) * UInt64(passes)
        guard wanted > done, (wanted - done) * 16 >= wanted else { return nil }
        let passes = UInt32((wanted - done + UInt64(current.memoryKiB) - 1) / UInt64(current.memoryKiB))
        let memory = UInt32((wanted - done) / UInt64(passes))
        return Argon2Parameters(memoryKiB: max(8, memory), passes: passes, lanes: 1)
    }

    /// True if a verifier of these parameters is weaker than one of `current` in any cost.
    package func isWeaker(than current: Argon2Parameters) -> Bool {
        memoryKiB < current.memoryKiB || passes < current.passes
    }
}

/// A verifier's text form, `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`, read strictly and bounded before anything is computed.
///
/// A stored text with m = 1 GiB would otherwise work for seconds: whoever writes a verifier would own the processor.
struct Argon2PHC: Equatable {
    let parameters: Argon2Parameters
    let salt: [UInt8]
    let hash: [UInt8]

    init(parameters: Argon2Parameters, salt: [UInt8], hash: [UInt8]) {
        self.parameters = parameters
        self.salt = salt
        self.hash = hash
    }

    /// The text form, base64 without padding.
    var text: String {
        "$argon2id$v=19$m=\(parameters.memoryKiB),t=\(parameters.passes),p=\(parameters.lanes)"
            + "$\(Self.encode(salt))$\(Self.encode(hash))"
    }

    /// Reads the text; nil for another algorithm or version, costs beyond the bounds, or any other form.
    init?(parsing text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard text.utf8.count <= 256, parts.count == 6, parts[0].isEmpty, parts[1] == "argon2id", parts[2] == "v=19",
            let parameters = Self.parameters(parts[3]),
            let salt = Self.decode(parts[4], byteCounts: 8...64), let hash = Self.decode(parts[5], byteCounts: 16...64)
        else { return nil }
        self.init(parameters: parameters, salt: salt, hash: hash)
    }

    private static func parameters(_ text: Substring) -> Argon2Parameters? {
        let fields = text.split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count == 3, let memory = number(fields[0], "m="), let passes = number(fields[1], "t="),
            let lanes = number(fields[2], "p="), laneBounds.contains(lanes), passBounds.contains(passes),
            (8 * lanes...maximumMemoryKiB).contains(memory)
        else { return nil }
        return Argon2Parameters(memoryKiB: memory, passes: passes, lanes: lanes)
    }

    private static func number(_ field: Substring, _ name: String) -> UInt32? {
        guard field.hasPrefix(name) else { return nil }
        let digits = field.dropFirst(name.count)
        guard (1...9).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            digits.first != "0"
        else { return nil }
        return UInt32(digits)
    }

    /// Strict: one text per value, so the product's own base64url decides after the two letters are exchanged.
    private static func decode(_ text: Substring, byteCounts: ClosedRange<Int>) -> [UInt8]? {
        guard !text.utf8.contains(UInt8(ascii: "-")), !text.utf8.contains(UInt8(ascii: "_")) else { return nil }
        let translated = text.utf8.lazy.map { byte in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: byte
            }
        }
        guard let bytes = Base64URL.decode(utf8: translated), byteCounts.contains(bytes.count) else { return nil }
        return bytes
    }

    private static func encode(_ bytes: [UInt8]) -> String {
        String(
            Base64URL.encode(bytes).map { character in
                switch character {
                case "-": "+"
                case "_": "/"
                default: character
                }
            })
    }

    private static let maximumMemoryKiB: UInt32 = 131_072
    private static let passBounds: ClosedRange<UInt32> = 1...10
    private static let laneBounds: ClosedRange<UInt32> = 1...4
}
