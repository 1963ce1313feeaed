import BucklerAPI
import BucklerPrimitives
import HTTPTypes
import Hummingbird
import NIOCore
import ServerGateway

/// Turns thrown errors into answers.
struct ProblemResponses: Sendable {
    let document: ProblemDocument

    /// The answer for an error; nil where it is a fault of ours that must be logged first.
    func anyResponse(for error: any Error, _ context: AppRequestContext) -> Response? {
        switch error {
        case let problem as Problem: response(for: problem, context)
        case let problem as OAuthProblem: oauthResponse(for: problem, context)
        case let convertible as any ProblemConvertible: response(for: convertible.problem, context)
        case is NIOTooManyBytesError: response(for: Problem(.requestTooLarge), context)
        case let error as HTTPError where error.status == .notFound: response(for: Problem(.notFound), context)
        case let error as HTTPError where error.status.code == 413: response(for: Problem(.requestTooLarge), context)
        case let error as HTTPError where error.status.kind == .clientError:
            response(for: Problem(.requestInvalid), context)
        default: nil
        }
    }

    func response(for problem: Problem, _ context: AppRequestContext) -> Response {
        let body = document.body(
            problem.code, status: problem.status, detail: problem.detail, request: context.requestID.text,
            members: problem.members)
        var response = answer(
            status: problem.status, mediaType: ProblemDocument.mediaType, body, problem.retryAfter, problem.headers)
        response.headers[.bucklerProblem] = problem.code.text
        return response
    }

    func oauthResponse(for problem: OAuthProblem, _ context: AppRequestContext) -> Response {
        let body = document.oauthBody(
            error: problem.error.text, code: problem.code, description: problem.detail,
            request: context.requestID.text, members: problem.members)
        var response = answer(
            status: problem.status, mediaType: "application/json", body, problem.retryAfter, problem.headers)
        response.headers[.bucklerProblem] = problem.code?.text ?? problem.error.text
        return response
    }

    private func answer(
        status: Int, mediaType: String, _ body: [UInt8], _ retryAfter: Duration?, _ headers: HTTPFields
    ) -> Response {
        var fields = headers
        fields[.contentType] = mediaType
        fields[.cacheControl] = "no-store"
        if let retryAfter { fields[.retryAfter] = String(max(1, Int64((retryAfter.seconds).rounded(.up)))) }
        return Response(
            status: HTTPResponse.Status(code: status), headers: fields,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}

extension Duration {
    /// As a floating-point number of seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
