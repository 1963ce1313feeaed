import BucklerPrimitives
import DataProtection
import TestSupport
import Testing

@Suite("Key ring")
struct KeyRingTests {
    static let purposes: [KeyPurpose] = [
        .refresh(epoch: 1), .refresh(epoch: 2), .verifier, .throttle, .password, .blindIndex(column: "a"),
        .blindIndex(column: "b"), .wrapSigningKeys, .wrapDataKeys, .state, .check,
    ]

    @Test("every purpose, instance and root has a key of its own")
    func distinct() {
        let entropy = Entropy.seeded(1)
        let roots = [SecretBytes(entropy.bytes(32)), SecretBytes(entropy.bytes(32))]
        let instances = [InstanceID.random(entropy), InstanceID.random(entropy)]
        var tags: Set<[UInt8]> = []
        for root in roots {
            for instance in instances {
                for purpose in Self.purposes {
                    tags.insert(KeyRing(root: root, instance: instance).mac(purpose).tag("x"))
                }
            }
        }
        #expect(tags.count == 4 * Self.purposes.count)
    }

    @Test("a root key never prints, nor does anything that holds it")
    func neverPrints() {
        let root = RootKey(random: .seeded(1))
        let secret = root.bytes.withExposedBytes { Base64URL.encode($0) }
        let hex = root.bytes.withExposedBytes { Hex.encode($0) }
        var dumped = ""
        dump(root, to: &dumped)
        dump(TestKeys(), to: &dumped)
        for text in ["\(root)", String(reflecting: root), "\(root.fileForm)", dumped] {
            #expect(!text.contains(secret))
            #expect(!text.contains(hex))
        }
    }

    @Test("row contexts do not collide when parts move between columns")
    func contexts() {
        let contexts = [
            RowContext(table: "ab", column: "c", owner: []), RowContext(table: "a", column: "bc", owner: []),
            RowContext(table: "a", column: "b", owner: [99]),
            RowContext(table: "a", column: "b", owner: [99], version: 2),
            RowContext(table: "", column: "abc", owner: []),
        ]
        #expect(Set(contexts.map(\.bytes)).count == contexts.count)
    }
}
