/// Operations whose time does not depend on secret contents.
public enum ConstantTime {
    /// True if both have the same length and bytes.
    ///
    /// The time depends on the length only.
    public static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return left.withUnsafeBufferPointer { a in
            right.withUnsafeBufferPointer { b in
                var difference: UInt8 = 0
                for index in 0..<a.count { difference |= a[index] ^ b[index] }
                return isZero(difference)
            }
        }
    }

    /// Overwrites memory in a way that the optimiser keeps.
    public static func wipe(_ memory: UnsafeMutableRawBufferPointer) {
        for index in 0..<memory.count { memory[index] = 0 }
        keep(memory)
    }

    @inline(never)
    private static func isZero(_ value: UInt8) -> Bool { value == 0 }

    /// An opaque use of the memory, so that the stores above are not dead.
    @inline(never)
    @_optimize(none)
    private static func keep(_ memory: UnsafeMutableRawBufferPointer) {}
}
