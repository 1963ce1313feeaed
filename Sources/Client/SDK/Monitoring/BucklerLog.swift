#if canImport(OSLog)
    import OSLog
#endif

/// Diagnostics of the SDK: fixed words, never a token, address, URL or body.
///
/// Off unless an app switches it on.
public struct BucklerLog: Sendable {
    private let write: (@Sendable (String) -> Void)?

    /// Writes nothing.
    public static let off = BucklerLog(write: nil)

    /// Writes by a function.
    public static func function(_ write: @escaping @Sendable (String) -> Void) -> BucklerLog {
        BucklerLog(write: write)
    }

    #if canImport(OSLog)
        /// Writes to the system's log with level `debug`, the text marked private.
        public static func system(subsystem: String) -> BucklerLog {
            let logger = Logger(subsystem: subsystem, category: "Buckler")
            return BucklerLog { logger.debug("\($0, privacy: .private)") }
        }
    #endif

    private init(write: (@Sendable (String) -> Void)?) { self.write = write }

    func note(_ text: StaticString) { write?("\(text)") }
}
