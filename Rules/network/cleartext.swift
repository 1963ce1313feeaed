import Foundation
import Network
let base = "http://api.shop.com" // ruleid: cleartext-url
func load(_ host: NWEndpoint.Host) {
    // ok: cleartext-url
    let a = URL(string: "http://api.shop.com/v1/orders")!
    // ruleid: cleartext-url
    let help = URL(string: "http://help.shop.com")!
    // ok: cleartext-url
    let start = URL(string: base)
    // ruleid: cleartext-url
    let b = URL(string: base + "/login")
    // ruleid: cleartext-request
    let c = URLSession.shared.webSocketTask(with: URL(string: "ws://chat.shop.com/live")!)
    // ruleid: cleartext-request
    let orders = URLRequest(url: a)
    // ok: cleartext-request
    URLSession.shared.dataTask(with: orders) { _, _, _ in }.resume()
    // ruleid: cleartext-request
    URLSession.shared.dataTask(with: b!) { _, _, _ in }.resume()
    let fine = URL(string: "https://api.shop.com/v1")!
    // ok: cleartext-request
    let page = URLRequest(url: fine)
    // ok: cleartext-request, cleartext-url
    let own = URLRequest(url: URL(string: "http://127.0.0.1:8080/health")!)
    // ruleid: cleartext-request
    AF.request("http://api.shop.com/v1", method: .get)
    // ok: cleartext-url
    let d = URL(string: "https://api.shop.com/v1")
    // ok: cleartext-url
    let e = URL(string: "http://localhost:8080/")
    // ok: cleartext-url
    let f = URL(string: "http://192.168.1.1/status")
    // ok: cleartext-url
    let g = "http://www.w3.org/2000/svg"
    // ok: cleartext-url
    let h = URL(string: "http://www.w3.org/2005/Atom")
    // ok: cleartext-url
    let isPlain = text.hasPrefix("http://api.shop.com")
    // ruleid: socket-without-tls
    let plain = NWConnection(host: host, port: 80, using: .tcp)
    // ruleid: socket-without-tls
    let parameters = NWParameters(tls: nil, tcp: .init())
    // ok: socket-without-tls
    let secure = NWConnection(host: host, port: 443, using: .tls)
    // ok: socket-without-tls
    let options = NWParameters(tls: .init(), tcp: .init())
    // ruleid: cookie-without-secure
    let cookie = HTTPCookie(properties: [.name: "session", .value: "1", .domain: "shop.com", .path: "/"])
    let fields: [HTTPCookiePropertyKey: Any] = [.name: "user", .value: "x", .domain: "shop.com"]
    // ruleid: cookie-without-secure
    let second = HTTPCookie(properties: fields)
    // ok: cookie-without-secure
    let safe = HTTPCookie(properties: [.name: "session", .value: "1", .secure: "TRUE", .path: "/"])
    var request = URLRequest(url: fine)
    // ruleid: response-cache-preferred
    request.cachePolicy = .returnCacheDataElseLoad
    // ok: response-cache-preferred
    request.cachePolicy = .reloadIgnoringLocalCacheData
}
func login(_ name: String, _ password: String) {
    // ruleid: password-in-query
    let address = "https://shop.com/login?user=\(name)&password=\(password)"
    // ok: password-in-query
    let item = URLQueryItem(name: "password", value: password)
    // ruleid: password-in-query
    let joined = URL(string: "http://shop.com/login/" + password)
    // ok: password-in-query
    let reset = "https://shop.com/password?user=\(name)"
}
func built(_ host: String) {
    // ruleid: cleartext-address-built
    let plain = "http://\(host)/api"
    // ok: cleartext-address-built
    let safe = "https://\(host)/api"
}
