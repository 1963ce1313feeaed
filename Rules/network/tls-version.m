void configure(NSURLSessionConfiguration *configuration, SSLContextRef context) {
    // ruleid: old-tls-version
    configuration.TLSMinimumSupportedProtocol = kTLSProtocol1;
    // ruleid: old-tls-version
    configuration.TLSMinimumSupportedProtocolVersion = tls_protocol_version_TLSv11;
    // ruleid: old-tls-version
    SSLSetProtocolVersionMin(context, kSSLProtocol3);
    // ok: old-tls-version
    configuration.TLSMinimumSupportedProtocol = kTLSProtocol12;
    // ok: old-tls-version
    configuration.TLSMinimumSupportedProtocolVersion = tls_protocol_version_TLSv13;
}
