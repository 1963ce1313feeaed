#if DEBUG && canImport(Security)
    import Foundation
    import Security

    /// One development certificate authority as the only anchor of a server's trust (PD-20).
    ///
    /// Debug builds alone.
    ///
    /// `@unchecked Sendable`: `SecCertificate` is immutable.
    public struct DevelopmentAnchor: @unchecked Sendable {
        private let certificate: SecCertificate?

        /// Takes the certificate as DER.
        ///
        /// One that does not parse trusts nothing.
        public init(certificate: Data) { self.certificate = SecCertificateCreateWithData(nil, certificate as CFData) }

        /// True if the server's chain ends at this certificate and fits its host.
        public func evaluate(_ trust: SecTrust) -> Bool {
            guard let certificate else { return false }
            SecTrustSetAnchorCertificates(trust, [certificate] as CFArray)
            SecTrustSetAnchorCertificatesOnly(trust, true)
            return SecTrustEvaluateWithError(trust, nil)
        }
    }
#endif
