import BucklerPlatformKeys
import BucklerPrimitives

/// The file that says which installation this is.
///
/// Its twin in the Keychain is the item `install`.
struct Installation: Sendable, Equatable {
    /// 16 random bytes as base64url; never leaves the device.
    let id: String
    /// The device id of the last session, to be named at the next sign-in (PD-13).
    var device: String?
    /// Why nobody is signed in, for the next start.
    var reason: SignOutReason?
    /// The server's time minus the wall clock's at the last sign-in, for deadlines that outlive their session.
    var serverOffset: Duration = .zero

    init(id: String, device: String? = nil, reason: SignOutReason? = nil) {
        self.id = id
        self.device = device
        self.reason = reason
    }

    /// What stands where the file belongs.
    enum Found: Sendable, Equatable {
        /// No file: the app was installed and nobody has signed in since.
        case absent
        /// A file that says nothing: cut short by a power loss, say.
        ///
        /// It proves neither this installation nor another one.
        case damaged
        /// The file.
        case present(Installation)

        /// The file's contents, if it has any.
        var installation: Installation? {
            if case .present(let installation) = self { installation } else { nil }
        }
    }

    /// Reads the file.
    ///
    /// Throws what keeps it from being read, ``SecretStoreError/locked`` above all: then nothing is known.
    static func load(_ files: any InstallationFiles) throws(SecretStoreError) -> Found {
        let bytes: [UInt8]?
        do { bytes = try files.read(file) } catch .damaged { return .damaged } catch { throw error }
        guard let bytes else { return .absent }
        guard let json = try? StrictJSON.parseObject(bytes), let id = json["id"]?.string else { return .damaged }
        var installation = Installation(
            id: id, device: json["device"]?.string, reason: json["reason"]?.string.map(SignOutReason.init(text:)))
        installation.serverOffset = .milliseconds(json["server_offset"]?.integer ?? 0)
        return .present(installation)
    }

    func save(_ files: any InstallationFiles) throws(SecretStoreError) {
        var json: JSONObject = [
            "v": 1, "id": .string(id), "server_offset": .integer(serverOffset.wholeMilliseconds),
        ]
        if let device { json["device"] = .string(device) }
        if let reason { json["reason"] = .string(reason.description) }
        try files.write(Self.file, JSONValue.object(json).serialized)
    }

    static func delete(_ files: any InstallationFiles) throws(SecretStoreError) { try files.delete(file) }

    private static let file = "installation.json"
}
