import AsyncHTTPClient
import BucklerPrimitives
import NIOCore
import NIOHTTP1
import TestSupport

extension TestPhone {
    /// Opens an answer without reading it, over a client of the caller's choice.
    ///
    /// The phone must have a nonce, which any earlier request left.
    package func open(_ path: String, over client: HTTPClient) async throws -> HTTPClientResponse {
        let url = site.url + path
        var request = HTTPClientRequest(url: url)
        request.headers = HTTPHeaders(try credentials("GET", path))
        return try await client.execute(request, timeout: .seconds(60))
    }

    /// The fields of one authenticated request, its proof among them.
    package func credentials(_ method: String, _ path: String) throws -> [(String, String)] {
        let token = memory.accessToken ?? ""
        let proof = try device.proof(
            method, site.url + path, nonce: memory.nonce, accessToken: token, at: site.now())
        return [("Authorization", "DPoP \(token)"), ("DPoP", proof)]
    }
}
