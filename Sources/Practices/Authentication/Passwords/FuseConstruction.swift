/// Arranges the cells of one shard so that every key's three cells give its fingerprint.
///
/// Peeling (Graf and Lemire, "Binary Fuse Filters: Fast and Smaller Than Xor Filters", 2022): a cell that belongs to
/// only one key is taken away with its key until none is left; then the cells are filled in the opposite order. When
/// peeling gets stuck, another seed is tried.
struct FuseConstruction {
    /// The finished shard.
    struct Shard {
        let seed: UInt64
        let shape: FuseShape
        let cells: [UInt16]
    }

    private let shape: FuseShape
    /// Per cell: how many keys are on it, times four, and the exclusive-or of their places (0, 1, 2).
    private var counts: [UInt32]
    /// Per cell: the exclusive-or of the hashes of its keys.
    private var hashes: [UInt64]

    /// Arranges different keys; the seeds follow from the shard's number.
    static func build(_ keys: [UInt64], shard: UInt64) throws(BreachedPasswordBuildError) -> Shard {
        let shape = FuseShape(keyCount: keys.count)
        if keys.isEmpty { return Shard(seed: 0, shape: shape, cells: []) }
        for attempt in 0..<100 as Range<UInt64> {
            let seed = FuseShape.mix(shard << 8 | attempt | 1 << 63)
            var construction = FuseConstruction(shape)
            if let order = construction.peel(keys, seed: seed) {
                return Shard(seed: seed, shape: shape, cells: fill(shape, order))
            }
        }
        throw .arrangement
    }

    private init(_ shape: FuseShape) {
        self.shape = shape
        counts = Array(repeating: 0, count: Int(shape.cellCount))
        hashes = Array(repeating: 0, count: Int(shape.cellCount))
    }

    /// The keys' hashes with the place that each keeps for itself, in the order in which they were taken away.
    private mutating func peel(_ keys: [UInt64], seed: UInt64) -> [(hash: UInt64, place: Int)]? {
        for key in keys { toggle(FuseShape.mix(key &+ seed), adding: true) }
        var alone = counts.indices.filter { counts[$0] >> 2 == 1 }
        var order: [(hash: UInt64, place: Int)] = []
        order.reserveCapacity(keys.count)
        while let cell = alone.popLast() {
            guard counts[cell] >> 2 == 1 else { continue }
            let hash = hashes[cell]
            order.append((hash, Int(counts[cell] & 3)))
            toggle(hash, adding: false)
            let positions = shape.probe(hash: hash).positions
            for place in 0..<3 where counts[Int(positions[place])] >> 2 == 1 { alone.append(Int(positions[place])) }
        }
        return order.count == keys.count ? order : nil
    }

    private mutating func toggle(_ hash: UInt64, adding: Bool) {
        let positions = shape.probe(hash: hash).positions
        for place in 0..<3 {
            let cell = Int(positions[place])
            counts[cell] = adding ? counts[cell] + 4 : counts[cell] - 4
            counts[cell] ^= UInt32(place)
            hashes[cell] ^= hash
        }
    }

    private static func fill(_ shape: FuseShape, _ order: [(hash: UInt64, place: Int)]) -> [UInt16] {
        var cells = [UInt16](repeating: 0, count: Int(shape.cellCount))
        for (hash, place) in order.reversed() {
            let probe = shape.probe(hash: hash)
            var cell = probe.fingerprint
            for other in 0..<3 where other != place { cell ^= cells[Int(probe.positions[other])] }
            cells[Int(probe.positions[place])] = cell
        }
        return cells
    }
}
