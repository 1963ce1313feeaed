import BucklerPlatformKeys
import Foundation

/// The bytes of an answer as they arrive.
public struct BodyBytes: AsyncSequence, Sendable {
    /// A byte.
    public typealias Element = UInt8

    /// The body in the pieces in which it arrived.
    public let chunks: AsyncThrowingStream<[UInt8], any Error>

    init(_ chunks: AsyncThrowingStream<[UInt8], any Error>) { self.chunks = chunks }

    /// Goes through the bytes.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private var chunks: AsyncThrowingStream<[UInt8], any Error>.Iterator
        private var current: ArraySlice<UInt8> = []

        init(_ chunks: AsyncThrowingStream<[UInt8], any Error>) { self.chunks = chunks.makeAsyncIterator() }

        /// The next byte, nil at the end.
        public mutating func next() async throws -> UInt8? {
            while current.isEmpty {
                guard let chunk = try await chunks.next() else { return nil }
                current = chunk[...]
            }
            return current.popFirst()
        }
    }

    /// Begins; a body can be gone through once.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(chunks) }

    func collect() async throws(BucklerError) -> [UInt8] {
        var bytes: [UInt8] = []
        try await forEachChunk { bytes += $0 }
        return bytes
    }

    func write(to file: URL) async throws(BucklerError) {
        guard FileManager.default.createFile(atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = try? FileHandle(forWritingTo: file)
        else { throw .storage(.platform(status: -1)) }
        defer { try? handle.close() }
        try await forEachChunk { try handle.write(contentsOf: Data($0)) }
    }

    private func forEachChunk(_ body: ([UInt8]) throws -> Void) async throws(BucklerError) {
        do {
            for try await chunk in chunks { try body(chunk) }
        } catch let error as TransportError {
            throw BucklerError(error, lastContact: nil)
        } catch {
            throw Task.isCancelled ? .cancelled : .offline(lastContact: nil)
        }
        if Task.isCancelled { throw .cancelled }
    }
}
