import BucklerPrimitives
import BucklerSecurityEvents
import HTTPTypes
import Hummingbird
import NIOCore
import ServerGateway
import Synchronization

/// What every route knows about its request beside the request itself.
package struct AppRequestContext: RequestContext {
    /// Hummingbird's own storage: logger, parameters.
    package var coreContext: CoreRequestContextStorage
    /// The same identifier as in the answer, the log and the events.
    package var requestID: BucklerPrimitives.RequestID
    /// The client's address: the peer's, or what a trusted reverse proxy told.
    package var source: SourceAddress
    /// The client speaks HTTP/2.
    package let isHTTP2: Bool
    /// The connection's own peer, before trusted proxies are asked.
    let peer: SourceAddress
    /// Fields that the answer will carry, whatever it is.
    let answerFields = AnswerFields()

    /// Reads the peer from the channel; the request identifier is drawn by the outermost middleware.
    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        let channel = source.channel
        isHTTP2 = channel.parent?.parent != nil
        peer = PeerAddress.of(channel) ?? .loopback
        self.source = peer
        requestID = .random(.system)
    }

    /// Puts a field on the answer, also if it becomes a refusal.
    package func addToAnswer(_ name: HTTPField.Name, _ value: String) { answerFields.set(name, value) }

    /// Where events of this request come from.
    ///
    /// - Parameter tag: The keyed tag of `source.prefix`, if the caller has one.
    /// - Returns: The origin that an event of this request carries.
    package func origin(tag: SourceTag? = nil) -> EventOrigin { EventOrigin(request: requestID, sourceTag: tag) }
}

/// Response fields collected while a request is worked on, such as a new nonce.
final class AnswerFields: Sendable {
    private let fields = Mutex<HTTPFields>([:])

    var all: HTTPFields { fields.withLock { $0 } }

    func set(_ name: HTTPField.Name, _ value: String) { fields.withLock { $0[name] = value } }
}
