import BucklerPrimitives
import HTTPTypes
import Hummingbird
import NIOCore

/// Answers of our endpoints; none of them may be cached.
package enum JSONResponse {
    /// A JSON answer with `Cache-Control: no-store`.
    package static func ok(
        _ value: JSONValue, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]
    ) -> Response {
        var fields = headers
        fields[.contentType] = "application/json"
        fields[.cacheControl] = "no-store"
        let body = ResponseBody(byteBuffer: ByteBuffer(bytes: value.serialized))
        return Response(status: status, headers: fields, body: body)
    }

    /// A public document (metadata, key set) that clients may keep for `maximumAge`.
    package static func document(_ value: JSONValue, maximumAge: Duration) -> Response {
        var response = ok(value)
        response.headers[.cacheControl] = "public, max-age=\(maximumAge.components.seconds)"
        return response
    }

    /// 204 with `Cache-Control: no-store`.
    package static func noContent(headers: HTTPFields = [:]) -> Response {
        var fields = headers
        fields[.cacheControl] = "no-store"
        return Response(status: .noContent, headers: fields)
    }
}
