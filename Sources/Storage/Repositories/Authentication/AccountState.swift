import Authentication
import BucklerPrimitives

/// What an account's row seals about the account: the password's class, the list of its factors, its set of recovery
/// codes, a recovery that waits.
///
/// Rows of other tables are believed only as far as this list names them, so a deleted, added or foreign row is
/// noticed. Form: version 4 ‖ class u8 ‖ recovery set u64 BE ‖ recovery codes u8 ‖ factors u8 ‖ 16 bytes each ‖ start of
/// the hold u64 BE in milliseconds, 0 for none ‖ last recovery u64 BE, 0 for none ‖ 1 if a factor must be enrolled ‖
/// number of the password u64 BE ‖ number of the sealed contacts u64 BE, 0 for none. Version 1 ends with the factors,
/// versions 2 and 3 before the first and the second of these numbers.
struct AccountState: Equatable {
    /// What the password may be used for.
    var passwordClass: PasswordClass
    /// The number of the present set of recovery codes; grows with every new set.
    var recoverySet: Int64 = 0
    /// How many codes that set had when it was made; 0 if it was taken away.
    var recoveryCodeCount = 0
    /// Confirmed factors.
    var factors: [FactorID] = []
    /// A recovery that somebody with the mailbox asked for.
    var hold: RecoveryHold?
    /// What the last recovery left behind.
    var aftermath: RecoveryAftermath?
    /// The number of the present password; grows with every new one.
    var passwordGeneration: Int64 = 0
    /// The number of the sealed contacts that belong to the account; grows with every change, 0 before the first.
    var contactsNumber: Int64 = 0

    init(passwordClass: PasswordClass) { self.passwordClass = passwordClass }

    /// True unless a short password would stand alone (PD-08).
    var isAllowed: Bool { FactorPolicy.isAllowed(passwordClass, factorCount: factors.count) }

    var encoded: [UInt8] {
        var bytes: [UInt8] = [4, passwordClass.rawValue] + Self.bytes(recoverySet)
        bytes += [UInt8(recoveryCodeCount), UInt8(factors.count)]
        for factor in factors { bytes += factor.bytes }
        bytes += Self.bytes(hold?.startedAt.milliseconds ?? 0)
        bytes += Self.bytes(aftermath?.recoveredAt.milliseconds ?? 0)
        bytes.append(aftermath?.factorRequired == true ? 1 : 0)
        return bytes + Self.bytes(passwordGeneration) + Self.bytes(contactsNumber)
    }

    init?(decoding bytes: [UInt8]) {
        guard bytes.count >= Self.headCount, let passwordClass = PasswordClass(rawValue: bytes[1]) else { return nil }
        let listEnd = Self.headCount + 16 * Int(bytes[11])
        switch bytes[0] {
        case 1 where bytes.count == listEnd: break
        case 2 where bytes.count == listEnd + 17, 3 where bytes.count == listEnd + 25,
            4 where bytes.count == listEnd + 33:
            let started = Self.number(bytes[listEnd..<(listEnd + 8)])
            if started != 0 { hold = RecoveryHold(startedAt: Timestamp(milliseconds: started)) }
            let recovered = Self.number(bytes[(listEnd + 8)..<(listEnd + 16)])
            if recovered != 0 {
                aftermath = RecoveryAftermath(
                    recoveredAt: Timestamp(milliseconds: recovered), factorRequired: bytes[listEnd + 16] == 1)
            }
            passwordGeneration = Self.number(bytes[(listEnd + 17)...].prefix(8))
            contactsNumber = Self.number(bytes[(listEnd + 17)...].dropFirst(8))
        default: return nil
        }
        self.passwordClass = passwordClass
        recoverySet = Self.number(bytes[2..<10])
        recoveryCodeCount = Int(bytes[10])
        factors = stride(from: Self.headCount, to: listEnd, by: 16).compactMap {
            FactorID(bytes: bytes[$0..<($0 + 16)])
        }
    }

    private static let headCount = 12

    private static func bytes(_ number: Int64) -> [UInt8] { withUnsafeBytes(of: number.bigEndian) { Array($0) } }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64 { bytes.reduce(Int64(0)) { $0 << 8 | Int64($1) } }
}
