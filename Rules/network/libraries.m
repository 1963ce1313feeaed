@implementation Mail
- (void)connect {
    // ruleid: self-signed-allowed
    session.checkCertificateEnabled = NO;
    // ok: self-signed-allowed
    session.checkCertificateEnabled = YES;
    // ruleid: self-signed-allowed
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0);
    // ok: self-signed-allowed
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1);
    // ruleid: library-without-tls
    [GRPCCall useInsecureConnectionsForHost:@"api.shop.io"];
    // ok: library-without-tls
    [GRPCCall useInsecureConnectionsForHost:@"localhost:50051"];
    // ruleid: pinning-optional
    AFSecurityPolicy *policy = [AFSecurityPolicy policyWithPinningMode:AFSSLPinningModeNone];
    // ok: pinning-optional
    AFSecurityPolicy *pinned = [AFSecurityPolicy policyWithPinningMode:AFSSLPinningModePublicKey];
}
@end
