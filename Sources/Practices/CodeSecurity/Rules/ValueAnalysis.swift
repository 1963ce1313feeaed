/// Semgrep's `metavariable-analysis`: a judgement on a text that no expression can make.
package struct ValueAnalysis: Sendable {
    package enum Analyser: String, Sendable, CaseIterable {
        /// Random enough to be a secret: at least `minimum` bits for each character.
        case entropy
        /// No stand-in, no words, no identifier: what a generic secret must pass besides its entropy.
        case secret
        /// A GitHub token whose checksum is right.
        case githubChecksum = "github-checksum"
        /// Base64 of something that matches an expression.
        case base64
    }

    let analyser: Analyser
    let minimum: Double
    let expression: ExpressionSource?

    /// Whether a text passes; `scanners` are the worker's.
    func holds(_ text: String, _ scanners: ExpressionScanners) -> Bool {
        switch analyser {
        case .entropy: SecretText.entropy(text) >= minimum && !SecretText.isPlaceholder(text)
        case .secret:
            SecretText.entropy(text) >= minimum && !SecretText.isPlaceholder(text) && !SecretText.isWords(text)
                && !SecretText.isIdentifier(text)
        case .githubChecksum: SecretText.hasGitHubChecksum(text)
        case .base64:
            Self.decoded(text).map { decoded in expression.map { scanners.isMatch($0, decoded) } ?? true } ?? false
        }
    }

    /// One level of base64, when it holds text.
    static func decoded(_ text: String) -> String? {
        var bits = 0
        var count = 0
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars where scalar != "=" {
            guard let value = digits[scalar] else { return nil }
            bits = (bits << 6 | value) & 0xFF_FFFF
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> count))
            }
        }
        guard bytes.count >= 6, bytes.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 })
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let digits: [Unicode.Scalar: Int] = {
        var result: [Unicode.Scalar: Int] = [:]
        for (index, scalar) in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".unicodeScalars
            .enumerated()
        {
            result[scalar] = index
        }
        result["-"] = 62
        result["_"] = 63
        return result
    }()
}
