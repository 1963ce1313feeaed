import Alamofire
import CocoaMQTT
import GRPC

func connect() {
    // ruleid: self-signed-allowed
    let socket = WebSocket(request: request, certPinner: FoundationSecurity(allowSelfSigned: true))
    // ruleid: self-signed-allowed
    mqtt.allowUntrustCACertificate = true
    // ok: self-signed-allowed
    let other = WebSocket(request: request, certPinner: FoundationSecurity(allowSelfSigned: false))
    // ok: self-signed-allowed
    mqtt.allowUntrustCACertificate = false
    // ruleid: library-without-tls
    let channel = ClientConnection.insecure(group: group).connect(host: "api.shop.io", port: 80)
    // ruleid: library-without-tls
    let broker = CocoaMQTT(clientID: "till", host: "mqtt.shop.io", port: 1883)
    // ok: library-without-tls
    let safe = CocoaMQTT(clientID: "till", host: "mqtt.shop.io", port: 8883)
    // ok: library-without-tls
    let local = CocoaMQTT(clientID: "till", host: "localhost", port: 1883)
    // ruleid: pinning-optional
    let manager = ServerTrustManager(allHostsMustBeEvaluated: false, evaluators: evaluators)
    // ruleid: pinning-optional
    SecTrustSetAnchorCertificatesOnly(trust, false)
    // ruleid: pinning-optional
    let policy = AFSecurityPolicy(pinningMode: AFSSLPinningMode.none)
    // ok: pinning-optional
    let strict = ServerTrustManager(evaluators: evaluators)
    // ok: pinning-optional
    SecTrustSetAnchorCertificatesOnly(trust, true)
}
