import BucklerPrimitives
import Sessions

/// The level that a route demands (PD-08).
package enum RequiredLevel: Int, Sendable, Hashable, CaseIterable {
    /// Something known.
    case one = 1
    /// Two factors.
    case two = 2
    /// A device-bound key with user verification.
    case three = 3

    /// The `acr` value.
    package var acr: String { "urn:buckler:acr:\(rawValue)" }
}

/// A level or freshness of authentication that a request lacks (RFC 9470).
package struct StepUpRequirement: Sendable, Hashable {
    /// The least level; nil if only freshness is asked.
    package let minimumLevel: RequiredLevel?
    /// The most time since the person authenticated; nil if only the level is asked.
    package let maximumAge: Duration?

    /// Makes a requirement.
    package init(minimumLevel: RequiredLevel?, maximumAge: Duration?) {
        self.minimumLevel = minimumLevel
        self.maximumAge = maximumAge
    }

    /// Parses what an upstream says: `Buckler-Require: acr=2; max_age=300`.
    ///
    /// Nil for anything else: the caller fails closed.
    package init?(parsing text: String) {
        guard text.utf8.count <= 64 else { return nil }
        var level: RequiredLevel?
        var age: Duration?
        for part in text.split(separator: ";", omittingEmptySubsequences: false) {
            let pair = ASCII.trimmed(part).split(separator: "=", maxSplits: 1)
            guard pair.count == 2, let number = UInt32(pair[1]), pair[1].utf8.first != UInt8(ascii: "+") else {
                return nil
            }
            switch pair[0] {
            case "acr" where level == nil:
                guard let known = RequiredLevel(rawValue: Int(number)) else { return nil }
                level = known
            case "max_age" where age == nil: age = .seconds(Int64(number))
            default: return nil
            }
        }
        minimumLevel = level
        maximumAge = age
    }

    /// True if the token's level and age suffice.
    ///
    /// An age of exactly the maximum does.
    package func isMet(by token: VerifiedAccessToken, at now: Timestamp) -> Bool {
        if let minimumLevel, token.levelNumber < minimumLevel.rawValue { return false }
        if let maximumAge, now > token.authenticatedAt + maximumAge { return false }
        return true
    }

    /// The value of `WWW-Authenticate` (RFC 9470 §3), under the DPoP scheme.
    package var challenge: String {
        var text = "DPoP error=\"insufficient_user_authentication\""
        if let minimumLevel { text += ", acr_values=\"\(minimumLevel.acr)\"" }
        if let maximumAge { text += ", max_age=\"\(maximumAge.components.seconds)\"" }
        return text + ", algs=\"ES256\""
    }
}
