import CArgon2

/// libargon2 called directly.
enum BareArgon2 {
    static func hash(memoryKibibytes: UInt32, iterations: UInt32) {
        let password = [UInt8]("correct horse battery".utf8)
        let salt = [UInt8](repeating: 3, count: 16)
        var output = [UInt8](repeating: 0, count: 32)
        let code = argon2id_hash_raw(
            iterations, memoryKibibytes, 1, password, password.count, salt, salt.count, &output, output.count)
        precondition(code == ARGON2_OK.rawValue, "libargon2 answered \(code)")
    }
}
