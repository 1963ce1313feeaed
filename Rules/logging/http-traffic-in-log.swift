import Foundation

func report(_ request: URLRequest, _ response: HTTPURLResponse) {
    // ruleid: http-traffic-in-log
    print(request.allHTTPHeaderFields ?? [:])
    // ruleid: http-traffic-in-log
    print("body", String(data: request.httpBody ?? Data(), encoding: .utf8) ?? "")
    // ruleid: http-traffic-in-log
    debugPrint("answer: \(response.allHeaderFields)")
    // ok: http-traffic-in-log
    print("\(request.httpMethod ?? "") \(response.statusCode)")
    // ok: http-traffic-in-log
    print(request.httpBody?.count)
}
