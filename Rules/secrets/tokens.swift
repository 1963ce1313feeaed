import Foundation

enum Tokens {
    // ruleid: jwt-service-role
    static let service = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJzdXBhYmFzZSIsInJlZiI6ImFiY2QiLCJyb2xlIjoic2VydmljZV9yb2xlIiwiaWF0IjoxNzAwMDAwMDAwLCJleHAiOjIwMTUwMDAwMDB9.q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzM"
    // ruleid: jwt-service-role
    static let admin = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJyb2xlIjoic3VwYWJhc2VfYWRtaW4iLCJpYXQiOjE3MDAwMDAwMDB9.q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzM"
    // ok: jwt-service-role, jwt-without-expiry, jwt-in-code
    static let anon = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJzdXBhYmFzZSIsInJlZiI6ImFiY2QiLCJyb2xlIjoiYW5vbiIsImlhdCI6MTcwMDAwMDAwMCwiZXhwIjoyMDE1MDAwMDAwfQ.q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzM"
    // ruleid: jwt-without-expiry
    static let user = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1LTc3MTgiLCJzY29wZSI6Im9yZGVyczp3cml0ZSIsImlhdCI6MTcwMDAwMDAwMH0.q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzM"
    // ruleid: jwt-without-expiry
    static let device = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJkZXZpY2UiOiJ0aWxsLTQiLCJzaG9wIjoxN30.q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzM"
    // ok: jwt-without-expiry, jwt-in-code, jwt-service-role
    static let documentation = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzM"
    // ok: jwt-without-expiry, jwt-in-code
    static let figure = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJjb3VudCI6MTcsInNoYXJlIjowLjh9.q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzM"
    // ruleid: jwt-unsigned
    static let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1LTc3MTgifQ."
    // ruleid: jwt-unsigned
    static let unsignedAdmin = "eyJ0eXAiOiJKV1QiLCJhbGciOiJOb25lIn0.eyJzdWIiOiJhZG1pbiJ9."
    // ok: jwt-unsigned
    static let cut = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1LTc3MTgifQ."
    // ok: jwt-unsigned
    static let noToken = "eyJhbGciOiJub25lIn0.eyJ"
    // ruleid: jwt-in-code
    static let session = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1LTc3MTgiLCJleHAiOjE5MDAwMDAwMDB9.q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzM"
    // ruleid: jwt-in-code
    static let other = "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1LTc3MTkiLCJleHAiOjE5MDAwMDAwMDF9.q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE1uQwCxNyVzM"

    // ruleid: database-password
    static let orders = "postgres://shop:q7Zt4LmX9@db.shop.io:5432/orders"
    // ruleid: database-password
    static let documents = "mysql://app:vKc2RbW8nY@db2.shop.io/app"
    // ok: database-password
    static let local = "postgres://postgres:q7Zt4LmX9@localhost/test"
    // ok: database-password
    static let filled = "mysql://\(user):\(password)@db.shop.io/orders"
    // ruleid: password-in-url
    static let feed = "https://reader:q7Zt4LmX9@feeds.shop.io/all.xml"
    // ruleid: password-in-url
    static let camera = "rtsp://admin:vKc2RbW8@cam4.shop.io/stream"
    // ok: password-in-url
    static let sample = "https://user:password@feeds.shop.io/all.xml"
    // ok: password-in-url
    static let port = "https://feeds.shop.io:8443/all@new.xml"

    func sign(_ request: inout URLRequest) {
        // ruleid: basic-authorization
        request.setValue("Basic c2hvcC1hcHA6cTdadDRMbVg5", forHTTPHeaderField: "Authorization")
        // ruleid: basic-authorization
        request.addValue("Basic dGlsbDp2S2MyUmJXOG5ZZDU=", forHTTPHeaderField: "Proxy-Authorization")
        // ok: basic-authorization
        request.setValue("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", forHTTPHeaderField: "Authorization")
        // ok: basic-authorization
        request.setValue("Basic \(encoded)", forHTTPHeaderField: "Authorization")
        // ruleid: bearer-token
        request.setValue("Bearer q7Zt4LmX9vKc2RbW8nYd5HsJ3fGp6TaE", forHTTPHeaderField: "Authorization")
        // ruleid: bearer-token
        let headers = ["Authorization": "Token 5HsJ3fGp6TaE1uQwCxNyVzMkDoIrPhSb"]
        // ok: bearer-token
        request.setValue("Bearer " + token, forHTTPHeaderField: "Authorization")
        // ok: bearer-token
        let text = "bearer of the notification"
    }

}
