@implementation Open
- (void)URLSession:(NSURLSession *)session didReceiveChallenge:(NSURLAuthenticationChallenge *)challenge completionHandler:(void (^)(NSURLSessionAuthChallengeDisposition, NSURLCredential *))completionHandler {
    NSURLCredential *credential = [NSURLCredential credentialForTrust:challenge.protectionSpace.serverTrust];
    // ruleid: server-trust-not-evaluated
    completionHandler(NSURLSessionAuthChallengeUseCredential, credential);
}
- (void)connection:(NSURLConnection *)connection didReceiveAuthenticationChallenge:(NSURLAuthenticationChallenge *)challenge {
    // ruleid: server-trust-not-evaluated
    [challenge.sender useCredential:[NSURLCredential credentialForTrust:challenge.protectionSpace.serverTrust] forAuthenticationChallenge:challenge];
}
- (void)strict:(NSURLAuthenticationChallenge *)challenge completionHandler:(void (^)(NSURLSessionAuthChallengeDisposition, NSURLCredential *))completionHandler {
    if (SecTrustEvaluateWithError(challenge.protectionSpace.serverTrust, NULL)) {
        // ok: server-trust-not-evaluated
        completionHandler(NSURLSessionAuthChallengeUseCredential, [NSURLCredential credentialForTrust:challenge.protectionSpace.serverTrust]);
    }
}
- (void)settings:(AFSecurityPolicy *)policy trust:(SecTrustRef)trust {
    // ruleid: certificate-check-disabled
    policy.allowInvalidCertificates = YES;
    // ruleid: certificate-check-disabled
    [policy setAllowInvalidCertificates:YES];
    // ruleid: host-name-not-checked
    [policy setValidatesDomainName:NO];
    // ruleid: host-name-not-checked
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    // ok: host-name-not-checked
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
    // ok: host-name-not-checked
    [policy setValidatesDomainName:YES];
    // ruleid: certificate-check-disabled
    [NSURLRequest setAllowsAnyHTTPSCertificate:YES forHost:@"api.shop.com"];
    // ok: certificate-check-disabled
    policy.allowInvalidCertificates = NO;
    // ok: certificate-check-disabled
    [policy setValidatesDomainName:YES];
    CFDataRef exceptions = SecTrustCopyExceptions(trust);
    // ruleid: trust-exceptions
    SecTrustSetExceptions(trust, exceptions);
    // ok: trust-exceptions
    SecTrustSetAnchorCertificates(trust, anchors);
    // ruleid: pinning-not-enforced
    NSDictionary *pins = @{kTSKEnforcePinning: @NO, kTSKPublicKeyHashes: hashes};
    // ok: pinning-not-enforced
    // ruleid: pins-without-subdomains
    NSDictionary *host = @{kTSKEnforcePinning: @YES, kTSKIncludeSubdomains: @NO, kTSKPublicKeyHashes: hashes};
    // ok: pinning-not-enforced, pins-without-subdomains
    NSDictionary *hard = @{kTSKEnforcePinning: @YES, kTSKPublicKeyHashes: hashes};
    // ruleid: verify-block-accepts-all
    sec_protocol_options_set_verify_block(options, ^(sec_protocol_metadata_t metadata, sec_trust_t t, sec_protocol_verify_complete_t complete) { complete(true); }, queue);
    // ok: verify-block-accepts-all
    sec_protocol_options_set_verify_block(options, ^(sec_protocol_metadata_t metadata, sec_trust_t t, sec_protocol_verify_complete_t complete) { [spinner setHidden:true]; complete([pinner check:t]); }, queue);
}
@end
@implementation Checked
- (void)webView:(WKWebView *)webView didReceiveAuthenticationChallenge:(NSURLAuthenticationChallenge *)challenge completionHandler:(void (^)(NSURLSessionAuthChallengeDisposition, NSURLCredential *))completionHandler {
    if ([[CertificateStore sharedStore] checkTrustedChallenge:challenge]) {
        // ok: server-trust-not-evaluated
        completionHandler(NSURLSessionAuthChallengeUseCredential, [NSURLCredential credentialForTrust:challenge.protectionSpace.serverTrust]);
    }
}
@end
