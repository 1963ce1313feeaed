import CArgon2
import Foundation

/// One Argon2id computation through libargon2's context, in a block of `Argon2Blocks`.
enum Argon2Computation {
    /// Why there is no output.
    enum Failure: Error, Equatable {
        /// The block could not be had; nothing is known about the password.
        case memory
        /// libargon2 refused the parameters.
        case parameters
    }

    /// The raw output for a password, a salt and costs.
    static func output(
        password: [UInt8], salt: [UInt8], _ cost: Argon2Parameters, byteCount: Int
    ) throws(Failure) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: byteCount)
        var password = password
        var salt = salt
        let status = output.withUnsafeMutableBufferPointer { output in
            password.withUnsafeMutableBufferPointer { password in
                salt.withUnsafeMutableBufferPointer { salt in
                    var context = argon2_context()
                    (context.out, context.outlen) = (output.baseAddress, UInt32(output.count))
                    (context.pwd, context.pwdlen) = (password.baseAddress, UInt32(password.count))
                    (context.salt, context.saltlen) = (salt.baseAddress, UInt32(salt.count))
                    (context.m_cost, context.t_cost) = (cost.memoryKiB, cost.passes)
                    (context.lanes, context.threads) = (cost.lanes, cost.lanes)
                    context.version = ARGON2_VERSION_13.rawValue
                    // Overwrites our copy of the password once it has been absorbed.
                    context.flags = 1
                    context.allocate_cbk = { allocate($0, $1) }
                    context.free_cbk = { block, count in if let block { Argon2Blocks.shared.giveBack(block, count) } }
                    return argon2_ctx(&context, Argon2_id)
                }
            }
        }
        if status == ARGON2_MEMORY_ALLOCATION_ERROR.rawValue { throw .memory }
        guard status == ARGON2_OK.rawValue else { throw .parameters }
        return output
    }
}

/// A block of the pool.
///
/// A function of its own, because a C function pointer captures nothing.
private func allocate(_ block: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, _ count: Int) -> Int32 {
    guard let memory = Argon2Blocks.shared.take(count) else { return ARGON2_MEMORY_ALLOCATION_ERROR.rawValue }
    block?.pointee = memory.assumingMemoryBound(to: UInt8.self)
    return ARGON2_OK.rawValue
}
