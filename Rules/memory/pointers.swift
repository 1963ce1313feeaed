import Foundation

final class Buffers {
    func lend(_ data: Data, _ bytes: [UInt8], _ text: String) {
        // ruleid: pointer-escapes-closure
        let first = data.withUnsafeBytes { $0.baseAddress! }
        // ruleid: pointer-escapes-closure
        let second = bytes.withUnsafeBufferPointer { $0 }
        // ruleid: pointer-escapes-closure
        let third = text.withCString { pointer in return pointer }
        // ruleid: pointer-escapes-closure
        let address = withUnsafePointer(to: bytes) { UnsafeRawPointer($0) }
        // ok: pointer-escapes-closure
        let sum = bytes.withUnsafeBufferPointer { $0.reduce(0, &+) }
        // ok: pointer-escapes-closure
        let number = data.withUnsafeBytes { $0.load(as: UInt32.self) }
        var value = 3
        // ruleid: dangling-pointer-conversion
        let pointer = UnsafeMutablePointer(&value)
        // ruleid: dangling-pointer-conversion
        let raw = UnsafeRawPointer(&value)
        // ok: dangling-pointer-conversion
        read(3, &value, 8)
        // ok: dangling-pointer-conversion
        withUnsafeMutablePointer(to: &value) { use($0) }
    }

    func leak(_ count: Int) {
        // ruleid: allocated-never-freed
        let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
        fill(buffer)
    }

    func leakRaw(_ count: Int) {
        // ruleid: allocated-never-freed
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 8)
        fill(buffer)
    }

    func keep(_ count: Int) {
        // ok: allocated-never-freed
        let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
        defer { buffer.deallocate() }
        fill(buffer)
    }

    func hand(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        // ok: allocated-never-freed
        let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: count)
        return buffer
    }

    func cast(_ pointer: UnsafeRawPointer, _ value: AnyObject, _ certificate: SecCertificate, _ key: SecKey) {
        // ruleid: unsafe-cast
        let one = unsafeBitCast(value, to: Int.self)
        // ruleid: unsafe-cast
        let two = pointer.assumingMemoryBound(to: Header.self)
        // ok: unsafe-cast
        let bytes = pointer.assumingMemoryBound(to: UInt8.self)
        // ok: unsafe-cast
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        // ok: unsafe-cast
        let three = value as? NSString
        // ok: unsafe-cast
        let four = pointer.load(as: UInt8.self)
        // ruleid: unmanaged-ownership
        let name = SecCopyErrorMessageString(status).takeUnretainedValue()
        // ruleid: unmanaged-ownership
        let item = CFBundleGetValue(bundle).takeRetainedValue()
        // ruleid: unmanaged-ownership
        let prompt = kAXTrustedCheckOptionPrompt.takeRetainedValue() as NSString
        // ok: unmanaged-ownership
        let option = kAXTrustedCheckOptionPrompt.takeUnretainedValue() as NSString
        // ok: unmanaged-ownership
        let settings = CFNetworkCopySystemProxySettings()?.takeRetainedValue()
        // ok: unmanaged-ownership
        let lent = CFBundleGetValue(bundle).takeUnretainedValue()
        // ruleid: wrapping-length
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: count &* 4)
        // ruleid: wrapping-length
        memcpy(memory, pointer, header &+ count)
        // ok: wrapping-length
        memcpy(memory, pointer, header + count)
        // ok: wrapping-length
        let hash = first &* 31 &+ second
        memory.deallocate()
    }
}
