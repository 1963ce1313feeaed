import BucklerPrimitives

/// One operator's order (PD-16): a verb and its arguments, one line of JSON on the admin socket.
package struct AdminRequest: Sendable, Hashable {
    /// Such as `sessions.end`.
    package let verb: String
    /// Named arguments; each verb refuses names that it does not know.
    package let arguments: JSONObject

    /// Makes an order.
    package init(_ verb: String, _ arguments: JSONObject = [:]) {
        self.verb = verb
        self.arguments = arguments
    }

    /// Parses one line; nil for anything but `{"verb":"…","arguments":{…}}`.
    package init?(line: [UInt8]) {
        guard let object = try? StrictJSON.parseObject(line, limits: .standard), let verb = object["verb"]?.string,
            let arguments = object["arguments"]?.object, object.names.count == 2
        else { return nil }
        self.init(verb, arguments)
    }

    /// True for an order that goes on until somebody ends it.
    var follows: Bool { verb == "events.tail" && arguments["follow"]?.bool == true }

    /// The line without its end.
    package var line: [UInt8] {
        JSONValue.object(["verb": .string(verb), "arguments": .object(arguments)]).serialized
    }
}

/// Why an order was not carried out.
package enum AdminError: Error, Sendable, Hashable {
    /// No such verb.
    case unknownVerb
    /// An argument is missing, unknown or has the wrong form. Names it.
    case argument(String)
    /// The account, session or key does not exist.
    case notFound
    /// The database took no reads or writes; nothing was changed.
    case storeUnavailable
    /// A stored value does not belong where it stands; the event tells more.
    case tampered
    /// Only a running server can do this.
    case needsServer
    /// Not possible in this way; the text says why.
    case refused(String)

    /// For the operator's terminal.
    package var message: String {
        switch self {
        case .unknownVerb: "no such verb; see buckler admin --help"
        case .argument(let name): "the argument “\(name)” is missing, unknown or has the wrong form"
        case .notFound: "no such account, session or key"
        case .storeUnavailable: "the database cannot be read or written now; nothing was changed"
        case .tampered: "a stored value does not belong where it stands; look at the sys_integrity_violation events"
        case .refused(let text): text
        case .needsServer: "only a running server can do this; start it with buckler serve"
        }
    }

    /// The process's exit code (sysexits.h).
    package var exitCode: Int32 {
        switch self {
        case .unknownVerb, .argument: 64
        case .notFound: 66
        case .storeUnavailable: 75
        case .tampered: 65
        case .needsServer: 69
        case .refused: 73
        }
    }

    /// Makes an error of a store's.
    package init(_ error: StoreError) {
        switch error {
        case .tampered: self = .tampered
        default: self = .storeUnavailable
        }
    }
}

/// Carries out orders.
///
/// The socket and the command line without a server use the same one.
package protocol AdminDesk: Sendable {
    /// Does it and answers; `emit` sends lines before the answer, for verbs that follow something.
    func carryOut(
        _ request: AdminRequest, emit: @escaping @Sendable (JSONObject) async throws -> Void
    ) async throws(AdminError) -> JSONObject
}

/// The lines of an answer.
enum AdminAnswer {
    /// The last line of a success.
    static func result(_ result: JSONObject) -> [UInt8] { line(["ok": true, "result": .object(result)]) }

    /// The last line of a refusal.
    static func refusal(_ error: AdminError) -> [UInt8] {
        line(["ok": false, "error": .string(error.message), "exit": .integer(Int64(error.exitCode))])
    }

    /// A line before the last.
    static func item(_ item: JSONObject) -> [UInt8] { line(["item": .object(item)]) }

    private static func line(_ object: JSONObject) -> [UInt8] { JSONValue.object(object).serialized + [0x0A] }
}
