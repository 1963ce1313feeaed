/// Whether browsers are told to come back over HTTPS only (RFC 6797).
package enum TransportSecurity: Sendable, Hashable {
    /// Production: two years, sub-domains included.
    case strict
    /// Development: an older order is taken back, since HSTS covers every port of `localhost` (PD-20).
    case development

    /// The value of `Strict-Transport-Security`.
    package var headerValue: String {
        switch self {
        case .strict: "max-age=63072000; includeSubDomains"
        case .development: "max-age=0"
        }
    }
}

/// The response fields that every answer carries, ours and the upstream's, refusals of the parser included.
package struct SecureHeaders: Sendable {
    /// A response field.
    package struct Field: Sendable, Hashable {
        /// Lower-cased name.
        package let name: String
        /// Value.
        package let value: String

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Fields of our own JSON answers, in the order in which they are written.
    package let own: [Field]
    /// Fields that replace whatever the upstream said.
    package let imposedOnUpstream: [Field]
    /// Fields that an upstream's answer receives where it has none of that name.
    package let defaultsForUpstream: [Field]
    /// Fields for routes marked `html`, where the upstream's own policy of content may stand.
    package let defaultsForPages: [Field]

    /// Takes the listener's mode.
    package init(_ security: TransportSecurity) {
        let transport = Field("strict-transport-security", security.headerValue)
        own =
            [transport, Self.noSniffing, Self.noReferrer, Self.inertContent, Self.sameOriginResource] + [
                Self.noPermissions, Self.noStore,
            ]
        imposedOnUpstream = [transport, Self.noSniffing]
        defaultsForUpstream = [Self.noReferrer, Self.inertContent, Self.sameOriginResource, Self.noPermissions]
        defaultsForPages = [Self.noReferrer, Self.noFraming, Self.noPermissions]
    }

    /// Browsers take our media types at their word: JSON is never run as script (WHATWG Fetch §3.6).
    static let noSniffing = Field("x-content-type-options", "nosniff")
    /// Paths with identifiers do not leave in `Referer`.
    static let noReferrer = Field("referrer-policy", "no-referrer")
    /// An answer opened as a page loads nothing, runs nothing and stands in no frame (CSP Level 3).
    static let inertContent = Field(
        "content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'")
    /// For the upstream's pages: its own content rules, but no frames around it unless it says so.
    static let noFraming = Field("content-security-policy", "frame-ancestors 'none'")
    /// Other origins cannot embed our answers, which also closes cross-site leaks by `<img>` and `<script>`.
    static let sameOriginResource = Field("cross-origin-resource-policy", "same-origin")
    /// No sensor, no camera, no payment dialogue for whatever opens an answer as a page.
    static let noPermissions = Field(
        "permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()")
    /// Answers of ours contain tokens or personal data and stay in no cache (RFC 9111 §5.2.2.5, RFC 6749 §5.1).
    static let noStore = Field("cache-control", "no-store")
}
