import BucklerAPI
import BucklerPrimitives
import HTTPTypes
import Hummingbird
import NIOCore

/// The most that one of our endpoints reads of a body.
package let maximumBodyByteCount = 65_536

extension Request {
    /// Reads the body as one JSON object: `application/json`, at most 64 KiB, no duplicate names, no trailing bytes.
    ///
    /// - Throws: `Problem`: `request.unsupported_media_type`, `request.too_large` or `request.invalid`.
    package func jsonBody(_ context: AppRequestContext) async throws -> JSONObject {
        try requireMediaType("application/json")
        do {
            return try StrictJSON.parseObject(try await bodyBytes())
        } catch StrictJSONError.tooLarge {
            throw Problem(.requestTooLarge)
        } catch is StrictJSONError {
            throw Problem(.requestInvalid, detail: "The body is not the JSON object that this endpoint reads.")
        }
    }

    /// Reads the body as a form: `application/x-www-form-urlencoded`, at most 64 KiB, each name once.
    ///
    /// - Throws: `OAuthProblem` `invalid_request`, or `Problem` for media type and size.
    package func formBody(_ context: AppRequestContext) async throws -> FormURLEncoded {
        try requireMediaType("application/x-www-form-urlencoded")
        do {
            return try FormURLEncoded(parsing: try await bodyBytes(), maximumByteCount: maximumBodyByteCount)
        } catch FormError.tooLarge {
            throw Problem(.requestTooLarge)
        } catch is FormError {
            throw OAuthProblem(.invalidRequest, code: .requestInvalid, detail: "The form cannot be read.")
        }
    }

    /// The body's bytes, at most 64 KiB.
    package func bodyBytes() async throws -> [UInt8] {
        let buffer: ByteBuffer
        do {
            buffer = try await body.collect(upTo: maximumBodyByteCount)
        } catch is NIOTooManyBytesError {
            throw Problem(.requestTooLarge)
        }
        return Array(buffer.readableBytesView)
    }

    /// The path without query, as it stands in the request line: what a proof's `htu` names.
    package var pathWithoutQuery: String {
        let target = head.path ?? "/"
        guard let end = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return target }
        return String(target[..<end])
    }

    /// All values of a field, one per field line.
    package func values(of name: HTTPField.Name) -> [String] { headers[values: name] }

    /// Exactly one media type, with `charset=utf-8` as its only possible parameter.
    private func requireMediaType(_ expected: String) throws {
        let values = headers[values: .contentType]
        guard values.count == 1, let value = values.first else { throw Problem(.unsupportedMediaType) }
        let parts = value.split(separator: ";", omittingEmptySubsequences: false).map {
            $0.filter { $0 != " " && $0 != "\t" }.lowercased()
        }
        guard parts.first == expected, parts.count == 1 || (parts.count == 2 && Self.charsets.contains(parts[1])) else {
            throw Problem(.unsupportedMediaType)
        }
    }

    private static let charsets: Set<String> = ["charset=utf-8", "charset=\"utf-8\""]
}
