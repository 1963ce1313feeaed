import BucklerJOSE
import BucklerPrimitives

/// The stored form does not fit this program.
package struct FlowCodingError: Error, Equatable {}

extension SignInFlow {
    /// The value as bytes, for sealing.
    package var encoded: SecretBytes {
        var object = binding.object
        object["id"] = .string(id.text)
        object["purpose"] = .string(purpose.rawValue)
        object["email"] = .string(email.canonical)
        object["account"] = account.map { .string($0.text) }
        object["started"] = .integer(startedAt.milliseconds)
        object["device_name"] = deviceName.map { .string($0) }
        object["replaced"] = replacedDevice.map { .string($0.text) }
        object["session"] = steppedUpSession.map { .string($0.text) }
        object["salt"] = .string(Base64URL.encode(salt))
        object["methods"] = .array(methods.map { .string($0.rawValue) })
        object["wrong"] = .integer(Int64(wrongAnswers))
        object["sent"] = .bool(codeWasSent)
        object["password_number"] = passwordGeneration.map { .integer($0) }
        object["finished_at"] = finishedAt.map { .integer($0.milliseconds) }
        object["verifier"] = newVerifier.map { .string($0.withExposedText { $0 }) }
        object["class"] = newPasswordClass.map { .integer(Int64($0.rawValue)) }
        object["tags"] = .array(answerTags.map { .string(Base64URL.encode($0)) })
        switch stage {
        case .asks(let kind): object["asks"] = .string(kind.rawValue)
        case .finished(.password): object["finished"] = "password"
        case .finished(.tag(let tag)): object["finished_tag"] = .string(Base64URL.encode(tag))
        }
        return SecretBytes(JSONValue.object(object).serialized)
    }

    /// Reads what `encoded` made.
    package init(decoding bytes: SecretBytes) throws(FlowCodingError) {
        let fields = try FieldReader(bytes)
        id = try fields.identifier("id")
        purpose = try fields.word("purpose")
        binding = try FlowBinding(fields)
        guard let address = try? Email(parsing: try fields.text("email")) else { throw FlowCodingError() }
        email = address
        account = try fields.optionalIdentifier("account")
        startedAt = Timestamp(milliseconds: try fields.integer("started"))
        deviceName = try fields.optionalText("device_name")
        replacedDevice = try fields.optionalIdentifier("replaced")
        steppedUpSession = try fields.optionalIdentifier("session")
        salt = try fields.bytes("salt")
        stage = try Self.stage(fields)
        methods = try fields.words("methods")
        wrongAnswers = Int(try fields.integer("wrong"))
        codeWasSent = try fields.flag("sent")
        passwordGeneration = try fields.optionalInteger("password_number")
        finishedAt = try fields.optionalInteger("finished_at").map { Timestamp(milliseconds: $0) }
        newVerifier = try fields.optionalText("verifier").map { SecretString($0) }
        newPasswordClass = try fields.optionalInteger("class").flatMap { PasswordClass(rawValue: UInt8(clamping: $0)) }
        answerTags = try fields.byteLists("tags")
    }

    private static func stage(_ fields: FieldReader) throws(FlowCodingError) -> Stage {
        if try fields.optionalText("asks") != nil { return .asks(try fields.word("asks")) }
        if try fields.optionalText("finished") == "password" { return .finished(.password) }
        return .finished(.tag(try fields.bytes("finished_tag")))
    }
}

extension FlowBinding {
    var object: JSONObject {
        [
            "client": .string(client.text), "jkt": .string(key.text), "scope": .array(scope.map { .string($0) }),
            "audience": .string(audience), "challenge": .string(Base64URL.encode(codeChallenge.bytes)),
        ]
    }

    init(_ fields: FieldReader) throws(FlowCodingError) {
        guard let client = ClientID(parsing: try fields.text("client")),
            let key = JWKThumbprint(parsing: try fields.text("jkt")),
            let challenge = CodeChallenge(parsing: try fields.text("challenge"))
        else { throw FlowCodingError() }
        self.init(
            client: client, key: key, scope: try fields.texts("scope"), audience: try fields.text("audience"),
            codeChallenge: challenge)
    }
}

/// Typed access to the members of a sealed JSON object.
struct FieldReader {
    private let object: JSONObject

    init(_ bytes: SecretBytes) throws(FlowCodingError) {
        let value = bytes.withExposedBytes { try? StrictJSON.parse($0) }
        guard let object = value?.object else { throw FlowCodingError() }
        self.object = object
    }

    func optionalText(_ name: String) throws(FlowCodingError) -> String? {
        guard let value = object[name] else { return nil }
        guard let text = value.string else { throw FlowCodingError() }
        return text
    }

    func optionalInteger(_ name: String) throws(FlowCodingError) -> Int64? {
        guard let value = object[name] else { return nil }
        guard let integer = value.integer else { throw FlowCodingError() }
        return integer
    }

    func text(_ name: String) throws(FlowCodingError) -> String { try require(try optionalText(name)) }

    func integer(_ name: String) throws(FlowCodingError) -> Int64 { try require(try optionalInteger(name)) }

    func flag(_ name: String) throws(FlowCodingError) -> Bool { try require(object[name]?.bool) }

    func bytes(_ name: String) throws(FlowCodingError) -> [UInt8] {
        try require(Base64URL.decode(try text(name)))
    }

    func texts(_ name: String) throws(FlowCodingError) -> [String] {
        let elements = try require(object[name]?.array)
        let texts = elements.compactMap(\.string)
        guard texts.count == elements.count else { throw FlowCodingError() }
        return texts
    }

    func byteLists(_ name: String) throws(FlowCodingError) -> [[UInt8]] {
        let texts = try texts(name)
        let lists = texts.compactMap { Base64URL.decode($0) }
        guard lists.count == texts.count else { throw FlowCodingError() }
        return lists
    }

    func word<Word: RawRepresentable<String>>(_ name: String) throws(FlowCodingError) -> Word {
        try require(Word(rawValue: try text(name)))
    }

    func words<Word: RawRepresentable<String>>(_ name: String) throws(FlowCodingError) -> [Word] {
        let texts = try texts(name)
        let words = texts.compactMap(Word.init(rawValue:))
        guard words.count == texts.count else { throw FlowCodingError() }
        return words
    }

    func identifier<Kind>(_ name: String) throws(FlowCodingError) -> Identifier<Kind> {
        try require(try optionalIdentifier(name))
    }

    func optionalIdentifier<Kind>(_ name: String) throws(FlowCodingError) -> Identifier<Kind>? {
        guard let text = try optionalText(name) else { return nil }
        return try require(Identifier(parsing: text))
    }

    private func require<Value>(_ value: Value?) throws(FlowCodingError) -> Value {
        guard let value else { throw FlowCodingError() }
        return value
    }
}
