func encrypt(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    // ruleid: home-made-cipher
    bytes.enumerated().map { $0.element ^ key[$0.offset % key.count] }
}
func xorString(_ text: String, _ key: UInt8) -> [UInt8] {
    // ruleid: home-made-cipher
    text.utf8.map { $0 ^ key }
}
func checksum(_ bytes: [UInt8], key: UInt8) -> UInt8 {
    // ok: home-made-cipher
    bytes.reduce(0) { $0 ^ key }
}
func encryptBlock(_ state: UInt32, _ roundKey: UInt32) -> UInt32 {
    // ok: home-made-cipher
    state ^ roundKey
}
// ruleid: encoding-as-encryption
func encryptPassword(_ password: String) -> String {
    return Data(password.utf8).base64EncodedString()
}
// ruleid: encoding-as-encryption
func decrypt(_ text: String) -> String {
    guard let data = Data(base64Encoded: text) else { return "" }
    return String(decoding: data, as: UTF8.self)
}
// ok: encoding-as-encryption
func encode(_ password: String) -> String {
    return Data(password.utf8).base64EncodedString()
}
// ok: encoding-as-encryption
func encrypt(_ text: String) throws -> String {
    return try AES.GCM.seal(Data(text.utf8), using: secret).combined!.base64EncodedString()
}
