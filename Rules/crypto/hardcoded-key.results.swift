func fixedKey() -> String { return "0123456789abcdef" }
func storedKey() throws -> String { try Keychain.read("key") }
enum Settings {
    static var key: [UInt8] { [1, 2, 3, 4, 5, 6, 7, 8] }
}
func throughFunctions() throws {
    // ruleid: hardcoded-key
    let first = try AES(key: fixedKey(), iv: random())
    // ruleid: hardcoded-key
    let second = SymmetricKey(data: Settings.key)
    // ok: hardcoded-key
    let third = try AES(key: storedKey(), iv: random())
}
