import BucklerPrimitives

/// Damages bytes in a reproducible way, for decoders that must refuse and never crash.
public enum Mutation {
    /// `bytes` with one to four small damages: a changed, removed, doubled or inserted byte, or a cut end.
    public static func damage(_ bytes: [UInt8], with entropy: Entropy) -> [UInt8] {
        var output = bytes
        for _ in 0...entropy.integer(below: 4) {
            guard !output.isEmpty else { return entropy.bytes(3) }
            let index = Int(entropy.integer(below: UInt32(output.count)))
            switch entropy.integer(below: 6) {
            case 0: output[index] ^= 1 << UInt8(entropy.integer(below: 8))
            case 1: output[index] = interesting[Int(entropy.integer(below: UInt32(interesting.count)))]
            case 2: output.remove(at: index)
            case 3: output.insert(output[index], at: index)
            case 4: output.insert(entropy.bytes(1)[0], at: index)
            default: output.removeSubrange(index...)
            }
        }
        return output
    }

    private static let interesting = Array("{}[]\",:\\.%/?#=+-_ 0e\u{0}\u{7F}".utf8) + [0x80, 0xC0, 0xED, 0xFF]
}
