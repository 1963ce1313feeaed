import BucklerAPI
import BucklerPrimitives

/// The members of a small JSON body: only the allowed names, each of its type.
struct Members {
    private let object: JSONObject

    init(_ object: JSONObject, allowed: Set<String>) throws {
        guard object.names.allSatisfy(allowed.contains) else {
            throw Problem(.requestInvalid, detail: "The body has a member that this endpoint does not read.")
        }
        self.object = object
    }

    func secret(_ name: String) throws -> SecretString {
        guard let text = object[name]?.string else {
            throw Problem(.requestInvalid, detail: "A member is missing or is not a text.")
        }
        return SecretString(text)
    }

    func optionalSecret(_ name: String) throws -> SecretString? {
        guard object[name] != nil else { return nil }
        return try secret(name)
    }

    func text(_ name: String) throws -> String {
        guard let text = object[name]?.string else {
            throw Problem(.requestInvalid, members: ["parameter": .string(name)])
        }
        return text
    }

    func flag(_ name: String, default fallback: Bool) throws -> Bool {
        guard let value = object[name] else { return fallback }
        guard let flag = value.bool else { throw Problem(.requestInvalid, detail: "A member is not true or false.") }
        return flag
    }
}
