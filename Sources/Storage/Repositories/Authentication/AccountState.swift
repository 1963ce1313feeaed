import Authentication
import BucklerPrimitives

/// What an account's row seals about the account: the password's class, the list of its factors, its set of recovery
/// codes.
///
/// Rows of other tables are believed only as far as this list names them, so a deleted, added or foreign row is
/// noticed. Form: version 1 ‖ class u8 ‖ recovery set u64 BE ‖ recovery codes u8 ‖ factors u8 ‖ 16 bytes each.
struct AccountState: Equatable {
    /// What the password may be used for.
    var passwordClass: PasswordClass
    /// The number of the present set of recovery codes; grows with every new set.
    var recoverySet: Int64 = 0
    /// How many codes that set had when it was made; 0 if it was taken away.
    var recoveryCodeCount = 0
    /// Confirmed factors.
    var factors: [FactorID] = []

    init(passwordClass: PasswordClass) { self.passwordClass = passwordClass }

    /// True unless a short password would stand alone (PD-08).
    var isAllowed: Bool { FactorPolicy.isAllowed(passwordClass, factorCount: factors.count) }

    var encoded: [UInt8] {
        var bytes: [UInt8] = [1, passwordClass.rawValue]
        withUnsafeBytes(of: recoverySet.bigEndian) { bytes.append(contentsOf: $0) }
        bytes += [UInt8(recoveryCodeCount), UInt8(factors.count)]
        for factor in factors { bytes += factor.bytes }
        return bytes
    }

    init?(decoding bytes: [UInt8]) {
        guard bytes.count >= 12, bytes[0] == 1, let passwordClass = PasswordClass(rawValue: bytes[1]),
            bytes.count == 12 + 16 * Int(bytes[11])
        else { return nil }
        self.passwordClass = passwordClass
        recoverySet = bytes[2..<10].reduce(Int64(0)) { $0 << 8 | Int64($1) }
        recoveryCodeCount = Int(bytes[10])
        factors = stride(from: 12, to: bytes.count, by: 16).compactMap { FactorID(bytes: bytes[$0..<($0 + 16)]) }
    }
}
