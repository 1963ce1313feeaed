import Foundation
final class Open: NSObject, URLSessionDelegate {
    func urlSession(
        _ session: URLSession, didReceive challenge: URLAuthenticationChallenge,
        completionHandler: @escaping (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
    ) {
        // ruleid: server-trust-not-evaluated
        completionHandler(.useCredential, URLCredential(trust: challenge.protectionSpace.serverTrust!))
    }
    func urlSession(_ session: URLSession, task: URLSessionTask, didReceive challenge: URLAuthenticationChallenge) async
        -> (URLSession.AuthChallengeDisposition, URLCredential?)
    {
        // ruleid: server-trust-not-evaluated
        return (.useCredential, URLCredential(trust: challenge.protectionSpace.serverTrust!))
    }
    func other(_ challenge: URLAuthenticationChallenge, _ done: (URLSession.AuthChallengeDisposition, URLCredential?) -> Void) {
        if let trust = challenge.protectionSpace.serverTrust {
            let credential = URLCredential(trust: trust)
            // ruleid: server-trust-not-evaluated
            done(.useCredential, credential)
        }
    }
}
final class Strict: NSObject, URLSessionDelegate {
    func urlSession(
        _ session: URLSession, didReceive challenge: URLAuthenticationChallenge,
        completionHandler: @escaping (URLSession.AuthChallengeDisposition, URLCredential?) -> Void
    ) {
        guard let trust = challenge.protectionSpace.serverTrust, SecTrustEvaluateWithError(trust, nil) else {
            return completionHandler(.cancelAuthenticationChallenge, nil)
        }
        // ok: server-trust-not-evaluated
        completionHandler(.useCredential, URLCredential(trust: trust))
    }
    func checked(_ trust: SecTrust, _ done: (URLSession.AuthChallengeDisposition, URLCredential?) -> Void) throws {
        try validateServer(trust, allowUntrusted: false)
        // ok: server-trust-not-evaluated
        done(.useCredential, URLCredential(trust: trust))
    }
    func client(_ done: (URLSession.AuthChallengeDisposition, URLCredential?) -> Void) {
        // ok: server-trust-not-evaluated
        done(.useCredential, URLCredential(user: name, password: password, persistence: .none))
    }
}
func settings(_ trust: SecTrust, _ policy: AFSecurityPolicy, _ options: sec_protocol_options_t, _ queue: DispatchQueue) {
    // ruleid: trust-exceptions
    SecTrustSetExceptions(trust, SecTrustCopyExceptions(trust))
    let exceptions = SecTrustCopyExceptions(trust)
    // ruleid: trust-exceptions
    SecTrustSetExceptions(trust, exceptions)
    // ok: trust-exceptions
    SecTrustSetAnchorCertificates(trust, [certificate] as CFArray)
    // ok: trust-exceptions
    SecTrustSetPolicies(trust, policies)
    // ruleid: certificate-check-disabled
    let manager = ServerTrustManager(evaluators: ["api.shop.com": DisabledTrustEvaluator()])
    // ruleid: certificate-check-disabled
    policy.allowInvalidCertificates = true
    // ruleid: host-name-not-checked
    policy.validatesDomainName = false
    // ruleid: host-name-not-checked
    let other = ServerTrustManager(evaluators: ["api.shop.com": DefaultTrustEvaluator(validateHost: false)])
    // ok: host-name-not-checked
    policy.validatesDomainName = true
    // ok: host-name-not-checked, pin-without-chain
    let checked = ServerTrustManager(evaluators: ["api.shop.com": DefaultTrustEvaluator(validateHost: true)])
    // ok: certificate-check-disabled, host-name-not-checked
    // ruleid: pin-without-chain
    let keys = PublicKeysTrustEvaluator(keys: all, performDefaultValidation: false, validateHost: true)
    // ok: certificate-check-disabled, host-name-not-checked, pin-without-chain
    let own = PinnedCertificatesTrustEvaluator(certificates: all, acceptSelfSignedCertificates: true)
    // ok: certificate-check-disabled
    // ruleid: expired-certificate-allowed
    let late: [NSString: Any] = [kCFStreamSSLAllowsExpiredCertificates: true]
    // ruleid: expired-certificate-allowed
    let roots: [NSString: Any] = [kCFStreamSSLAllowsExpiredRoots: true]
    // ok: expired-certificate-allowed
    let level: [NSString: Any] = [kCFStreamSSLLevel: kCFStreamSocketSecurityLevelNegotiatedSSL]
    // ok: expired-certificate-allowed
    let peer: [NSString: Any] = [kCFStreamSSLPeerName: "api.shop.com"]
    // ruleid: certificate-check-disabled
    let ssl: [NSString: Any] = [kCFStreamSSLValidatesCertificateChain: kCFBooleanFalse as Any]
    // ok: certificate-check-disabled
    policy.allowInvalidCertificates = false
    // ruleid: pin-without-chain
    let old: [String: ServerTrustPolicy] = ["a": .pinCertificates(certificates: all, validateCertificateChain: false, validateHost: true)]
    // ok: certificate-check-disabled
    let good = ServerTrustManager(evaluators: ["api.shop.com": PublicKeysTrustEvaluator()])
    // ruleid: verify-block-accepts-all
    sec_protocol_options_set_verify_block(options, { _, _, complete in complete(true) }, queue)
    // ruleid: verify-block-accepts-all
    sec_protocol_options_set_verify_block(options, { (metadata, trust, done) in
        print(metadata)
        done(true)
    }, queue)
    // ok: verify-block-accepts-all
    sec_protocol_options_set_verify_block(options, { _, _, complete in complete(false) }, queue)
    // ok: verify-block-accepts-all
    sec_protocol_options_set_verify_block(options, { metadata, trust, complete in
        pinner.check(trust) { good in
            spinner.setHidden(true)
            complete(good)
        }
    }, queue)
    // ok: verify-block-accepts-all
    sec_protocol_options_set_verify_block(options, { metadata, trust, complete in
        if known(metadata) { complete(true) } else { complete(false) }
    }, queue)
    // ok: verify-block-accepts-all
    sec_protocol_options_set_verify_block(options, { _, trust, complete in
        let reference = sec_trust_copy_ref(trust).takeRetainedValue()
        if SecTrustEvaluateWithError(reference, nil) { complete(true) } else { complete(false) }
    }, queue)
    // ruleid: pinning-not-enforced
    let pins: [String: Any] = [kTSKEnforcePinning: false, kTSKPublicKeyHashes: hashes]
    // ok: pinning-not-enforced
    // ruleid: pins-without-subdomains
    let host: [String: Any] = [kTSKEnforcePinning: true, kTSKIncludeSubdomains: false, kTSKPublicKeyHashes: hashes]
    // ok: pinning-not-enforced, pins-without-subdomains
    let hard: [String: Any] = [kTSKEnforcePinning: true, kTSKIncludeSubdomains: true, kTSKPublicKeyHashes: hashes]
}
struct Accepted {
    let kept: CFData
    init(_ trust: SecTrust) {
        // ruleid: trust-exceptions-kept
        kept = SecTrustCopyExceptions(trust)!
    }
    func evaluate(_ trust: SecTrust) -> Bool {
        // ruleid: trust-exceptions-kept
        SecTrustSetExceptions(trust, kept)
        // ok: trust-exceptions-kept
        SecTrustSetPolicies(trust, policies)
        // ok: trust-exceptions-kept
        return SecTrustEvaluateWithError(trust, nil)
    }
    func pinned(_ challenge: URLAuthenticationChallenge, _ done: (URLSession.AuthChallengeDisposition, URLCredential?) -> Void) {
        if CertificateStore.shared().checkTrustedChallenge(challenge) {
            // ok: server-trust-not-evaluated
            done(.useCredential, URLCredential(trust: challenge.protectionSpace.serverTrust!))
        }
    }
}
