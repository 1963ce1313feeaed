import Foundation
func configure(_ configuration: URLSessionConfiguration, _ options: sec_protocol_options_t) {
    // ruleid: old-tls-version
    configuration.tlsMinimumSupportedProtocolVersion = .TLSv10
    // ruleid: old-tls-version
    configuration.tlsMinimumSupportedProtocolVersion = tls_protocol_version_t.TLSv11
    // ruleid: old-tls-version
    configuration.tlsMinimumSupportedProtocol = .tlsProtocol1
    // ruleid: old-tls-version
    sec_protocol_options_set_min_tls_protocol_version(options, .TLSv10)
    // ok: old-tls-version
    // ruleid: tls-limited-to-old-version
    configuration.tlsMaximumSupportedProtocolVersion = .TLSv11
    // ruleid: tls-limited-to-old-version
    sec_protocol_options_set_max_tls_protocol_version(options, .TLSv10)
    // ok: tls-limited-to-old-version
    configuration.tlsMaximumSupportedProtocolVersion = .TLSv13
    // ok: tls-limited-to-old-version
    sec_protocol_options_set_max_tls_protocol_version(options, .TLSv12)
    // ok: old-tls-version
    configuration.tlsMinimumSupportedProtocolVersion = .TLSv12
    // ok: old-tls-version
    configuration.tlsMinimumSupportedProtocolVersion = .TLSv13
    // ok: old-tls-version
    configuration.tlsMinimumSupportedProtocol = .tlsProtocol12
    // ok: old-tls-version
    sec_protocol_options_set_min_tls_protocol_version(options, .TLSv13)
}
