import BucklerPrimitives
import Crypto
import Foundation
import TestSupport
import Testing

@testable import Authentication

@Suite("Breached-password filter")
struct BreachedPasswordFilterTests {
    @Test(
        "every password of the source is found, whatever the size", arguments: [1, 2, 3, 4, 5, 10, 100, 1000, 20_000])
    func noFalseNegatives(count: Int) throws {
        let folder = try TemporaryFolder()
        let filter = try Self.build((0..<count).map { "breached-\($0)" }, in: folder)
        #expect(filter.passwordCount == UInt64(count))
        for index in 0..<count { #expect(try filter.contains(SecretString("breached-\(index)")), "\(index)") }
    }

    @Test("others are found about once in 65,536")
    func falsePositives() throws {
        let folder = try TemporaryFolder()
        let filter = try Self.build((0..<5000).map { "breached-\($0)" }, in: folder)
        let tries = 200_000 as UInt64
        var found = 0
        for index in 0..<tries where try filter.contains(key: FuseShape.mix(index &+ 1 << 40)) { found += 1 }
        // Expected 3.05; 16 or more has a probability below 10^-7.
        #expect(found < 16)
    }

    @Test("published SHA-1 lines and plain lines give the same file, sorted or not")
    func sourceForms() throws {
        let folder = try TemporaryFolder()
        let passwords = (0..<3000).map { "breached-\($0)" } + ["café", "cafe\u{301}"]
        let plain = try Self.write(passwords.shuffled().joined(separator: "\n"), "plain", folder)
        let hashes = Set(
            passwords.map { Hex.encode(Insecure.SHA1.hash(data: Data($0.precomposedStringWithCanonicalMapping.utf8))) })
        let sorted = hashes.sorted().map { "\($0.uppercased()):\($0.utf8.count)" }.joined(separator: "\r\n") + "\r\n"
        let published = try Self.write(sorted, "published", folder)
        let first = try BreachedPasswordFilter.build(from: plain, as: .passwordLines, to: folder.path + "/a")
        let second = try BreachedPasswordFilter.build(from: published, as: .sha1Lines, to: folder.path + "/b")
        #expect(first == second)
        #expect(first.passwordCount == 3001)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/a"))
        #expect(bytes == (try Data(contentsOf: URL(fileURLWithPath: folder.path + "/b"))))
        #expect(UInt64(bytes.count) == first.byteCount)
    }

    @Test("no partial file stays behind, and an older filter is replaced at once")
    func replacement() throws {
        let folder = try TemporaryFolder()
        let older = try Self.build(["one password here"], in: folder)
        let newer = try Self.build(["another password here"], in: folder)
        #expect(try older.contains(SecretString("one password here")))
        #expect(try newer.contains(SecretString("another password here")))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/filter.partial"))
    }

    @Test(
        "lines that are no hashes stop the build with their number",
        arguments: [
            ("\(digest)\nzz\n", 2), ("\(digest)0\n", 1), ("\(digest):x\n", 1), ("\(digest) 1\n", 1),
            ("\(digest)\n\n\(digest):-1", 3),
            (String(repeating: "a", count: 3_000_000), 1),
        ])
    func badLines(text: String, line: Int) throws {
        let folder = try TemporaryFolder()
        let source = try Self.write(text, "source", folder)
        #expect(throws: BreachedPasswordBuildError.line(line)) {
            try BreachedPasswordFilter.build(from: source, as: .sha1Lines, to: folder.path + "/filter")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/filter"))
    }

    @Test("an empty source and a missing one are refused")
    func emptySources() throws {
        let folder = try TemporaryFolder()
        let empty = try Self.write("\n\n", "empty", folder)
        #expect(throws: BreachedPasswordBuildError.empty) {
            try BreachedPasswordFilter.build(from: empty, as: .passwordLines, to: folder.path + "/filter")
        }
        #expect(throws: BreachedPasswordBuildError.self) {
            try BreachedPasswordFilter.build(
                from: folder.path + "/none", as: .passwordLines, to: folder.path + "/filter")
        }
    }

    @Test("a missing file and a folder are not filters")
    func notAFile() throws {
        let folder = try TemporaryFolder()
        for path in [folder.path, folder.path + "/none", "/dev/null"] {
            #expect { try BreachedPasswordFilter(path: path) } throws: { error in
                if case .unreadable? = error as? BreachedPasswordFilterError { true } else { false }
            }
        }
    }

    @Test("every single changed byte of the head is refused")
    func changedHead() throws {
        let folder = try TemporaryFolder()
        _ = try Self.build((0..<50).map { "breached-\($0)" }, in: folder)
        let original = Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/filter")))
        for index in 0..<(BreachedPasswordLayout.headerLength + BreachedPasswordLayout.entryLength) {
            var changed = original
            changed[index] ^= 0x10
            #expect(throws: BreachedPasswordFilterError.self, "byte \(index)") { try Self.open(changed, folder) }
        }
    }

    @Test("a file that was cut, lengthened or emptied is refused")
    func changedLength() throws {
        let folder = try TemporaryFolder()
        _ = try Self.build((0..<50).map { "breached-\($0)" }, in: folder)
        let original = Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/filter")))
        for count in [0, 1, 95, 96, 111, 112, original.count - 1] {
            #expect(throws: BreachedPasswordFilterError.self) { try Self.open(Array(original.prefix(count)), folder) }
        }
        #expect(throws: BreachedPasswordFilterError.malformed(.length)) { try Self.open(original + [0], folder) }
    }

    @Test(
        "shapes that the form does not allow are refused even under a right digest",
        arguments: [
            (3, 1), (1 << 19, 1), (4, 0), (0, 1), (1 << 18, 4097), (4, UInt32.max),
        ] as [(UInt32, UInt32)])
    func shapes(segmentLength: UInt32, segmentCount: UInt32) {
        #expect(FuseShape(segmentLength: segmentLength, segmentCount: segmentCount) == nil)
    }

    @Test("a changed cell is found by the whole check, and a file cut under us is an error, not a crash")
    func cells() throws {
        let folder = try TemporaryFolder()
        let filter = try Self.build((0..<5000).map { "breached-\($0)" }, in: folder)
        try filter.verifyCells()
        let path = folder.path + "/filter"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count - 1] ^= 1
        let changed = try Self.open(Array(bytes), folder)
        #expect(throws: BreachedPasswordFilterError.malformed(.cellDigest)) { try changed.verifyCells() }
        #expect(truncate(path, 200) == 0)
        #expect(throws: StoreError.unavailable) {
            for index in 0..<100 { _ = try filter.contains(SecretString("breached-\(index)")) }
        }
    }

    @Test("damaged files are refused or harmless, never a crash", arguments: 0..<200 as Range<UInt64>)
    func damaged(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        _ = try Self.build((0..<20).map { "breached-\($0)" }, in: folder)
        let original = Array(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/filter")))
        let filter = try? Self.open(Mutation.damage(original, with: .seeded(seed)), folder)
        _ = try? filter?.contains(SecretString("breached-1"))
    }

    @Test("keys fall into the shard of their highest bits, and the shards meet without gaps")
    func shards() throws {
        let folder = try TemporaryFolder()
        _ = try Self.build((0..<500).map { "breached-\($0)" }, in: folder)
        let layout = try BreachedPasswordLayout(reading: try ReadOnlyFile(path: folder.path + "/filter"))
        #expect(layout.shards.count == 1)
        #expect(layout.shardIndex(of: .max) == 0)
        let shape = FuseShape(keyCount: 262_144)
        // Nine eighths of 16 bits for each password, and a little for whole segments.
        #expect(Double(shape.cellCount) / 262_144 < 1.2)
    }

    private static let digest = "5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8"

    private static func build(_ passwords: [String], in folder: TemporaryFolder) throws -> BreachedPasswordFilter {
        let source = try write(passwords.joined(separator: "\n"), "source", folder)
        _ = try BreachedPasswordFilter.build(from: source, as: .passwordLines, to: folder.path + "/filter")
        return try BreachedPasswordFilter(path: folder.path + "/filter")
    }

    private static func open(_ bytes: [UInt8], _ folder: TemporaryFolder) throws -> BreachedPasswordFilter {
        let url = URL(fileURLWithPath: folder.path + "/changed")
        try Data(bytes).write(to: url)
        return try BreachedPasswordFilter(path: url.path)
    }

    private static func write(_ text: String, _ name: String, _ folder: TemporaryFolder) throws -> String {
        let path = folder.path + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }
}
