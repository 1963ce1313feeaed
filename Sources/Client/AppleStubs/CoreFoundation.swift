#if !canImport(Security)
    import Foundation

    // The few names of Core Foundation that code over Security.framework uses, with Swift's own types behind them.

    /// `CFString` is a Swift string here, so dictionaries need no bridging.
    public typealias CFString = String
    /// `CFData` is `Data` here.
    public typealias CFData = Data
    /// `CFDictionary` is a Swift dictionary here.
    public typealias CFDictionary = [CFString: Any]
    /// Any value.
    public typealias CFTypeRef = Any
    /// A type's number.
    public typealias CFTypeID = UInt
    /// An allocator; always nil.
    public typealias CFAllocator = Never
    /// A Core Foundation integer.
    public typealias CFIndex = Int
    /// Security.framework's status code.
    public typealias OSStatus = Int32

    /// An error with a status code.
    public final class CFError: Error, Sendable {
        let code: CFIndex

        init(_ code: CFIndex) { self.code = code }
    }

    /// The error's status code.
    public func CFErrorGetCode(_ error: CFError) -> CFIndex { error.code }

    /// The value's type number.
    public func CFGetTypeID(_ value: CFTypeRef) -> CFTypeID {
        switch value {
        case is SecKey: SecKeyGetTypeID()
        case is Data: 20
        case is String: 7
        default: 0
        }
    }
#endif
